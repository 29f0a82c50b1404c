package org.posthorn.mime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads what stands in angle brackets in References, In-Reply-To and Message-ID, RFC 5322 3.6.4. */
public final class MessageIds {

    /** Longer ones, in characters, are none. */
    private static final int LONGEST = 250;

    private MessageIds() {}

    /** The last of them, at most so many, in a form that knows no quotes: two that are written otherwise are the same, RFC 5256 3. */
    public static List<String> last(String field, int most) {
        List<String> found = new ArrayList<>();
        each(field, found::add);
        return found.subList(Math.max(0, found.size() - most), found.size());
    }

    /** The first of them, in that form. */
    public static Optional<String> first(String field) {
        List<String> found = new ArrayList<>();
        each(field, id -> !found.add(id));
        return found.stream().findFirst();
    }

    /** @param goesOn hears of each, and tells whether to look for more */
    private static void each(String field, Predicate<String> goesOn) {
        for (int open = field.indexOf('<'); open >= 0; ) {
            int end = end(field, open + 1);
            if (end < 0) break;
            String id = plain(field.substring(open + 1, Math.min(end, open + 2 + LONGEST)));
            int at = id.lastIndexOf('@');
            if (at > 0 && at < id.length() - 1 && id.length() <= LONGEST && !goesOn.test(id)) return;
            open = field.indexOf('<', end);
        }
    }

    /** All of them as they are written, without brackets, white space and comments; at most so many characters of a field are looked at. Empty when there is none. */
    public static List<String> all(String field) {
        List<String> found = new ArrayList<>();
        FieldScanner in = new FieldScanner(field.substring(0, Math.min(field.length(), HeaderBlock.LONGEST)));
        while (!in.skip().atEnd()) {
            // Obsolete: words between them, RFC 5322 4.5.4.
            if (!in.pass('<')) {
                if (in.peek() == '"') in.quoted();
                else if (in.word("<\"(").isEmpty()) in.next();
                continue;
            }
            StringBuilder id = new StringBuilder();
            while (!in.skip().atEnd() && in.peek() != '>') id.append(in.peek() == '"' ? quoted(in) : in.word(">\"("));
            if (in.pass('>') && id.length() > 0) found.add(id.toString());
        }
        return found;
    }

    private static String quoted(FieldScanner in) {
        return '"' + in.quoted().replaceAll("[\"\\\\]", "\\\\$0") + '"';
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
