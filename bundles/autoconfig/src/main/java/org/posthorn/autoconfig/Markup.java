package org.posthorn.autoconfig;

import java.util.ArrayDeque;
import java.util.Deque;

/** Writes XML whose text may be anybody's: whatever it is, it stays text. For one thread. */
final class Markup {

    private final StringBuilder out = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    private final Deque<String> open = new ArrayDeque<>();

    /** A line that is written as it stands; not for what comes from outside. */
    Markup line(String line) {
        out.append(line).append('\n');
        return this;
    }

    /** @param attributes name, value, name, value … */
    Markup open(String name, String... attributes) {
        indent().append(start(name, attributes)).append(">\n");
        open.push(name);
        return this;
    }

    Markup close() {
        String name = open.pop();
        indent().append("</").append(name).append(">\n");
        return this;
    }

    /** An element with text in it. */
    Markup leaf(String name, String text, String... attributes) {
        indent().append(start(name, attributes)).append('>').append(escaped(text));
        out.append("</").append(name).append(">\n");
        return this;
    }

    Markup empty(String name) {
        indent().append('<').append(name).append("/>\n");
        return this;
    }

    private StringBuilder indent() {
        return out.append("  ".repeat(open.size()));
    }

    private static String start(String name, String... attributes) {
        StringBuilder start = new StringBuilder("<").append(name);
        for (int i = 0; i < attributes.length; i += 2)
            start.append(' ')
                    .append(attributes[i])
                    .append("=\"")
                    .append(escaped(attributes[i + 1]))
                    .append('"');
        return start.toString();
    }

    /** What XML 1.0 2.2 has no character for, not even as a reference, becomes the replacement character. */
    static String escaped(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.appendCodePoint(character(c) ? c : 0xFFFD);
            }
        });
        return safe.toString();
    }

    private static boolean character(int c) {
        return c == '\t'
                || c == '\n'
                || c == '\r'
                || c >= 0x20 && c <= 0xD7FF
                || c >= 0xE000 && c <= 0xFFFD
                || c > 0xFFFF;
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
