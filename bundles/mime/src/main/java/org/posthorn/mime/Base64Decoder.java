package org.posthorn.mime;

import java.io.IOException;
import java.util.Arrays;

/** base64, RFC 2045 6.8. What is not of its alphabet is passed over, as 6.8 asks. */
final class Base64Decoder extends Decoder {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final byte[] VALUES = new byte[128];

    static {
        Arrays.fill(VALUES, (byte) -1);
        for (int i = 0; i < 64; i++) VALUES[ALPHABET.charAt(i)] = (byte) i;
    }

    private int bits;
    private int held;

    Base64Decoder(Window encoded, Place from) {
        super(encoded, from);
    }

    @Override
    int next() throws IOException {
        while (held < 8) {
            int c = at(in);
            if (c < 0) return -1;
            in++;
            // Padding ends a quantum; text that was encoded in pieces goes on behind it.
            if (c == '=') {
                held = 0;
                rest();
            } else if (c < 128 && VALUES[c] >= 0) {
                bits = bits << 6 | VALUES[c];
                held += 6;
            }
        }
        held -= 8;
        return bits >> held & 0xFF;
    }

    @Override
    boolean rests() {
        return held == 0;
    }
}
