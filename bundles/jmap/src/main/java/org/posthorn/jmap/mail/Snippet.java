package org.posthorn.jmap.mail;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Words in a text, marked in HTML: RFC 8621 5. */
final class Snippet {

    /** So much of a word is looked for, in characters, and so many words. */
    private static final int LONGEST_WORD = 200;

    private static final int MOST_WORDS = 20;

    /** So much of what stands in front of the first word is shown, in octets of UTF-8. */
    private static final int BEFORE = 60;

    private static final String MARK = "<mark>";
    private static final String END = "</mark>";

    private final Pattern words;

    private Snippet(Pattern words) {
        this.words = words;
    }

    /** Empty when there are no words. */
    static Optional<Snippet> of(Collection<String> words) {
        String any = words.stream()
                .limit(MOST_WORDS)
                .map(w -> Pattern.quote(w.substring(0, Math.min(w.length(), LONGEST_WORD))))
                .collect(Collectors.joining("|"));
        int flags = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
        return any.isEmpty() ? Optional.empty() : Optional.of(new Snippet(Pattern.compile(any, flags)));
    }

    /** The text from its beginning with the words marked; empty when none is in it. @param most octets of UTF-8 */
    Optional<String> beginning(String text, int most) {
        return words.matcher(text).find() ? Optional.of(marked(text, 0, most)) : Optional.empty();
    }

    /** What stands around the first of them; empty when none is in it. @param most octets of UTF-8 */
    Optional<String> around(String text, int most) {
        Matcher first = words.matcher(text);
        return first.find() ? Optional.of(marked(text, before(text, first.start()), most)) : Optional.empty();
    }

    /** Where to begin, at a word if there is one. */
    private static int before(String text, int place) {
        int from = place;
        for (int octets = 0; from > 0; ) {
            int c = text.codePointBefore(from);
            octets += octets(Character.toString(c));
            if (octets > BEFORE) break;
            from -= Character.charCount(c);
        }
        int blank = text.indexOf(' ', from);
        return from == 0 || blank < 0 || blank >= place ? from : blank + 1;
    }

    private String marked(String text, int from, int most) {
        StringBuilder html = new StringBuilder();
        int left = most;
        Matcher next = words.matcher(text);
        boolean found = next.find(from);
        for (int at = from; at < text.length(); ) {
            boolean here = found && next.start() == at && next.end() > at;
            String plain = here ? next.group() : Character.toString(text.codePointAt(at));
            String shown = here ? MARK + escaped(plain) + END : escaped(plain);
            int octets = octets(shown);
            if (octets > left) break;
            html.append(shown);
            left -= octets;
            at += plain.length();
            if (here) found = next.find();
        }
        return html.toString();
    }

    private static int octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
