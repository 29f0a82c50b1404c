package org.posthorn.smtp;

/** Text of RFC 3461 4: ASCII but for {@code +} and {@code =}, which stand as {@code +2B} and {@code +3D}. */
final class Xtext {

    private Xtext() {}

    static boolean sound(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '+') {
                if (i + 2 >= text.length() || !hex(text.charAt(i + 1)) || !hex(text.charAt(i + 2))) return false;
                i += 2;
            } else if (c < '!' || c > '~' || c == '=') return false;
        }
        return !text.isEmpty();
    }

    private static boolean hex(char c) {
        return c >= '0' && c <= '9' || c >= 'A' && c <= 'F';
    }
}
