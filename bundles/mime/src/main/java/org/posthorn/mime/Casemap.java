package org.posthorn.mime;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;

/** The collation i;unicode-casemap, RFC 5051: what counts as the same is the same in it, and the order of its octets is the order. */
public final class Casemap {

    private Casemap() {}

    /** So many marks on one character count as they stand, and are put in order, which costs the square: UAX 15, 13. */
    private static final int MOST_MARKS = 30;

    /** Stands between those and the next ones. */
    private static final int JOINER = 0x034F;

    /** The text in which case does not count. */
    public static String of(String text) {
        StringBuilder title = new StringBuilder(text.length());
        int marks = 0;
        for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            marks = isMark(c) ? marks + 1 : 0;
            if (marks > MOST_MARKS) {
                title.appendCodePoint(JOINER);
                marks = 1;
            }
            title.appendCodePoint(Character.toTitleCase(c));
        }
        return Normalizer.normalize(title, Normalizer.Form.NFKD);
    }

    /** Also the two letters that become marks. */
    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || c == 0xFF9E
                || c == 0xFF9F;
    }

    /** At most so many of them. */
    public static byte[] octets(String text, int most) {
        byte[] all = of(text.substring(0, Math.min(text.length(), most))).getBytes(StandardCharsets.UTF_8);
        return all.length > most ? Arrays.copyOf(all, most) : all;
    }
}
