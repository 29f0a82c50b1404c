package org.posthorn.queue.sql;

import java.util.ArrayList;
import java.util.List;

/** A text in pieces that fit a column. */
final class Pieces {

    /** In characters: well below the 32,672 of Derby's VARCHAR. */
    static final int LONGEST = 8_000;

    private Pieces() {}

    static List<String> of(String text) {
        List<String> pieces = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(text.length(), from + LONGEST);
            // Half a surrogate pair has no form in UTF-8.
            if (Character.isHighSurrogate(text.charAt(to - 1))) to--;
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }
}
