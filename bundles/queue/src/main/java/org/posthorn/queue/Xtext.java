package org.posthorn.queue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The encoding of ENVID and ORCPT, RFC 3461 4. */
final class Xtext {

    private Xtext() {}

    static String encode(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 127 && b != '+' && b != '=') encoded.append((char) b);
            else encoded.append(String.format("+%02X", b));
        }
        return encoded.toString();
    }

    /** What is not encoded as it should be stays as it is. */
    static String decode(String text) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
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
