package org.posthorn.mime;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Locale;

/** Takes the transfer encoding off a body, RFC 2045 6, as it streams by. Broken encodings give what can be had of them. */
public final class TransferDecoding {

    private TransferDecoding() {}

    /** @param encoding the value of Content-Transfer-Encoding; an unknown one changes nothing */
    public static InputStream of(InputStream body, String encoding) {
        return switch (encoding.strip().toLowerCase(Locale.ROOT)) {
            case "base64" -> new Base64Stream(body);
            case "quoted-printable" -> new QuotedPrintableStream(new PushbackInputStream(body, 256));
            default -> body;
        };
    }

    /** Octet by octet; reading many is reading one many times. */
    private abstract static class Octetwise extends InputStream {
        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            int n = 0;
            for (int b; n < most && (b = read()) >= 0; n++) into[from + n] = (byte) b;
            return n == 0 && most > 0 ? -1 : n;
        }
    }

    private static final class Base64Stream extends Octetwise {
        private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        private static final byte[] VALUES = new byte[128];

        static {
            java.util.Arrays.fill(VALUES, (byte) -1);
            for (int i = 0; i < 64; i++) VALUES[ALPHABET.charAt(i)] = (byte) i;
        }

        private final InputStream in;
        private int bits;
        private int held;

        Base64Stream(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            while (held < 8) {
                int c = in.read();
                if (c < 0) return -1;
                // Padding ends a quantum; text that was encoded in pieces goes on behind it.
                if (c == '=') held = 0;
                else if (c < 128 && VALUES[c] >= 0) {
                    bits = bits << 6 | VALUES[c];
                    held += 6;
                }
            }
            held -= 8;
            return bits >> held & 0xFF;
        }
    }

    private static final class QuotedPrintableStream extends Octetwise {
        private final PushbackInputStream in;

        QuotedPrintableStream(PushbackInputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            int c = in.read();
            while (c == '=') {
                int first = in.read();
                int second = first < 0 || first == '\n' ? -1 : in.read();
                if (Character.digit(first, 16) >= 0 && Character.digit(second, 16) >= 0)
                    return Character.digit(first, 16) << 4 | Character.digit(second, 16);
                boolean softBreak = first == '\n' || first == '\r' && second == '\n';
                if (!softBreak) return back(first, second);
                c = in.read();
            }
            return c;
        }

        /** An equals sign that encodes nothing stands for itself. */
        private int back(int first, int second) throws IOException {
            if (second >= 0) in.unread(second);
            if (first >= 0) in.unread(first);
            return '=';
        }
    }
}
