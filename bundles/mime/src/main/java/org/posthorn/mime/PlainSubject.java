package org.posthorn.mime;

/**
 * A subject without what mail programs put around it, RFC 5256 2.1.
 *
 * @param text what is left; may be empty
 * @param answering whether what was taken off says that it is a reply or was forwarded
 */
public record PlainSubject(String text, boolean answering) {

    /** What comes behind that many characters is not looked at. */
    private static final int LONGEST = 500;

    private static final String FORWARDED = "(fwd)";
    private static final String FORWARD = "[fwd:";

    /** @param subject in Unicode */
    public static PlainSubject of(String subject) {
        return new Peeling(subject).done();
    }

    /** Where the base begins and ends, as far as is known. */
    private static final class Peeling {
        private final String text;
        private int from;
        private int to;
        private boolean answering;

        Peeling(String subject) {
            // Step 1: one space for any white space.
            text = subject.substring(0, Math.min(subject.length(), LONGEST)).replaceAll("[ \\t\\r\\n]+", " ");
            to = text.length();
        }

        PlainSubject done() {
            do {
                trailers();
                leaders();
            } while (unwrapped());
            return new PlainSubject(text.substring(from, to), answering);
        }

        /** Step 2. */
        private void trailers() {
            while (to > from) {
                if (text.charAt(to - 1) == ' ') to--;
                else if (to - FORWARDED.length() >= from && at(to - FORWARDED.length(), FORWARDED)) {
                    to -= FORWARDED.length();
                    answering = true;
                } else return;
            }
        }

        /** Steps 3 to 5. */
        private void leaders() {
            while (true) {
                int blob = blob(from);
                if (leader()) continue;
                if (blob == from || blob >= to) return;
                from = blob;
            }
        }

        /** {@code *subj-blob subj-refwd}, or a space. */
        private boolean leader() {
            if (from < to && text.charAt(from) == ' ') {
                from++;
                return true;
            }
            int at = from;
            for (int next = blob(at); next > at; next = blob(at)) at = next;
            int end = answer(at);
            if (end < 0) return false;
            from = end;
            answering = true;
            return true;
        }

        /** Behind {@code ("re" / "fw" / "fwd") *WSP [subj-blob] ":"}; -1 when it does not stand there. */
        private int answer(int at) {
            if (!at(at, "re") && !at(at, "fw")) return -1;
            int end = at + (at(at, "fwd") ? 3 : 2);
            while (end < to && text.charAt(end) == ' ') end++;
            end = blob(end);
            return end < to && text.charAt(end) == ':' ? end + 1 : -1;
        }

        /** Behind something in brackets and the spaces that follow; the same place when there is none. */
        private int blob(int at) {
            if (at >= to || text.charAt(at) != '[') return at;
            int end = at + 1;
            while (end < to && text.charAt(end) != '[' && text.charAt(end) != ']') end++;
            if (end >= to || text.charAt(end) == '[') return at;
            end++;
            while (end < to && text.charAt(end) == ' ') end++;
            return end;
        }

        /** Step 6. */
        private boolean unwrapped() {
            if (!at(from, FORWARD) || text.charAt(to - 1) != ']') return false;
            from += FORWARD.length();
            to--;
            answering = true;
            return true;
        }

        private boolean at(int place, String word) {
            return place + word.length() <= to && text.regionMatches(true, place, word, 0, word.length());
        }
    }
}
