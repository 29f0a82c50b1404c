package org.posthorn.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Splits a command into words as a POSIX shell does: white space, single and double quotes, backslash; nothing is expanded. */
final class Words {

    private final String text;
    private final List<String> words = new ArrayList<>();
    private StringBuilder word;
    private int at;

    private Words(String text) {
        this.text = text;
    }

    /** The words; empty when the text uses what only the Felix shell knows: a pipe, or several commands. */
    static Optional<List<String>> plain(String text) {
        return new Words(text).split();
    }

    private Optional<List<String>> split() {
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '|' || c == ';' || c == '\n') return Optional.empty();
            if (Character.isWhitespace(c)) end();
            else take(c);
        }
        end();
        return Optional.of(words);
    }

    private void take(char c) {
        if (word == null) word = new StringBuilder();
        switch (c) {
            case '\'' -> quoted(false);
            case '"' -> quoted(true);
            case '\\' -> word.append(at < text.length() ? text.charAt(at++) : c);
            default -> word.append(c);
        }
    }

    private void quoted(boolean escapes) {
        char quote = text.charAt(at - 1);
        while (at < text.length() && text.charAt(at) != quote) {
            char c = text.charAt(at++);
            word.append(escapes && c == '\\' && at < text.length() ? text.charAt(at++) : c);
        }
        if (at == text.length()) throw new IllegalArgumentException("a quotation mark is missing");
        at++;
    }

    private void end() {
        if (word != null) words.add(word.toString());
        word = null;
    }
}
