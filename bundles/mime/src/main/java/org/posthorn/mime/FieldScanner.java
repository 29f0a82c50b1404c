package org.posthorn.mime;

/** Walks over a structured field, RFC 5322 3.2: white space, comments, quoted strings, words. Takes whatever comes and always moves on. */
final class FieldScanner {

    private final String text;
    private int at;
    private String comment = "";

    FieldScanner(String text) {
        this.text = text;
    }

    boolean atEnd() {
        return at >= text.length();
    }

    /** The character here; NUL at the end. */
    char peek() {
        return atEnd() ? 0 : text.charAt(at);
    }

    char next() {
        return text.charAt(at++);
    }

    /** Passes over that character, if it is here. */
    boolean pass(char wanted) {
        if (peek() != wanted || atEnd()) return false;
        at++;
        return true;
    }

    /** Passes over white space and comments. */
    FieldScanner skip() {
        while (!atEnd()) {
            if (peek() == '(') comment = comment();
            else if (white(peek())) at++;
            else break;
        }
        return this;
    }

    /** The last comment that was passed over, without its parentheses; then none. */
    String takeComment() {
        String last = comment;
        comment = "";
        return last;
    }

    /** Nested parentheses are counted, not descended into: their depth costs nothing. */
    private String comment() {
        StringBuilder inside = new StringBuilder();
        int depth = 0;
        do {
            char c = next();
            if (c == '\\' && !atEnd()) c = next();
            else if (c == '(' && depth++ == 0 || c == ')' && --depth == 0) continue;
            inside.append(c);
        } while (depth > 0 && !atEnd());
        return inside.toString().strip();
    }

    /** A quoted string, which begins here; unquoted. One that is not closed reaches to the end. */
    String quoted() {
        StringBuilder inside = new StringBuilder();
        at++;
        while (!atEnd()) {
            char c = next();
            if (c == '"') break;
            if (c == '\\' && !atEnd()) c = next();
            inside.append(c);
        }
        return inside.toString();
    }

    /** The text up to white space or one of these. */
    String word(String stops) {
        int start = at;
        while (!atEnd() && !white(peek()) && stops.indexOf(peek()) < 0) at++;
        return text.substring(start, at);
    }

    /** Passes over everything up to one of these. */
    void passTo(String stops) {
        while (!atEnd() && stops.indexOf(peek()) < 0) at++;
    }

    static boolean white(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}
