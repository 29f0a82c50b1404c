package org.posthorn.mime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The encoding of what parameters of SMTP carry, as ENVID, ORCPT and AUTH, RFC 3461 4: ASCII but for {@code +} and {@code =}, which stand as {@code +2B} and {@code +3D}. */
public final class Xtext {

    private Xtext() {}

    /** Whether it is xtext, and at least one character. */
    public static boolean sound(String encoded) {
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '+') {
                if (i + 2 >= encoded.length() || !upperHex(encoded.charAt(i + 1)) || !upperHex(encoded.charAt(i + 2)))
                    return false;
                i += 2;
            } else if (!isPlain(c)) return false;
        }
        return !encoded.isEmpty();
    }

    private static boolean isPlain(int c) {
        return c > ' ' && c < 127 && c != '+' && c != '=';
    }

    private static boolean upperHex(char c) {
        return c >= '0' && c <= '9' || c >= 'A' && c <= 'F';
    }

    /** Characters beyond ASCII become the octets of UTF-8. */
    public static String encode(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (isPlain(b)) encoded.append((char) b);
            else encoded.append(String.format("+%02X", b));
        }
        return encoded.toString();
    }

    /** What is not encoded as it should be stays as it is. */
    public static String decode(String encoded) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        byte[] raw = encoded.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < raw.length; i++) {
            boolean coded = raw[i] == '+' && i + 2 < raw.length && hex(raw[i + 1]) >= 0 && hex(raw[i + 2]) >= 0;
            octets.write(coded ? hex(raw[i + 1]) << 4 | hex(raw[i + 2]) : raw[i]);
            if (coded) i += 2;
        }
        return octets.toString(StandardCharsets.UTF_8);
    }

    private static int hex(byte b) {
        return Character.digit(b, 16);
    }
}
