package org.posthorn.lab;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Cuts octets that come in pieces into lines; what is longer than a line may be is cut as well. Not safe for several threads. */
final class TextLines {

    private static final int LONGEST = 1000;

    private final Consumer<String> lines;
    private final StringBuilder line = new StringBuilder();

    TextLines(Consumer<String> lines) {
        this.lines = lines;
    }

    void add(byte[] octets, int length) {
        for (char c : new String(octets, 0, length, StandardCharsets.ISO_8859_1).toCharArray()) {
            if (c != '\n') line.append(c);
            if (c == '\n' || line.length() == LONGEST) end();
        }
    }

    private void end() {
        String whole = new String(line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        line.setLength(0);
        lines.accept(printable(whole));
    }

    /** What a stranger says must not move the cursor. */
    static String printable(String text) {
        return text.replace("\r", "").replace("\t", "    ").replaceAll("[\\p{Cc}\\p{Cf}]", "?");
    }
}
