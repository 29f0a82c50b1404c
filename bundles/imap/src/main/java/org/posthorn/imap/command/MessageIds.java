package org.posthorn.imap.command;

import java.util.ArrayList;
import java.util.List;

/** Reads what stands in angle brackets in References, In-Reply-To and Message-ID, RFC 5322 3.6.4. */
final class MessageIds {

    /** Longer ones, in characters, are none. */
    private static final int LONGEST = 250;

    private MessageIds() {}

    /** The last of them, at most so many, in a form that knows no quotes: two that are written otherwise are the same, RFC 5256 3. */
    static List<String> last(String field, int most) {
        List<String> found = new ArrayList<>();
        for (int open = field.indexOf('<'); open >= 0; ) {
            int end = end(field, open + 1);
            if (end < 0) break;
            String id = plain(field.substring(open + 1, Math.min(end, open + 2 + LONGEST)));
            int at = id.lastIndexOf('@');
            if (at > 0 && at < id.length() - 1 && id.length() <= LONGEST) found.add(id);
            open = field.indexOf('<', end);
        }
        return found.subList(Math.max(0, found.size() - most), found.size());
    }

    /** Where the closing bracket stands, which may not be within quotes; -1 for none. */
    private static int end(String field, int from) {
        boolean quoted = false;
        for (int i = from; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\' && quoted) i++;
            else if (c == '"') quoted = !quoted;
            else if (c == '>' && !quoted) return i;
        }
        return -1;
    }

    private static String plain(String written) {
        StringBuilder plain = new StringBuilder(written.length());
        boolean quoted = false;
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (c == '"') quoted = !quoted;
            else if (c == '\\' && quoted && i + 1 < written.length()) plain.append(written.charAt(++i));
            else if (quoted || !Character.isWhitespace(c)) plain.append(c);
        }
        return plain.toString();
    }
}
