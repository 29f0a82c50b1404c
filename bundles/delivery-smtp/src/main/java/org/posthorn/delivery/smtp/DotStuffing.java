package org.posthorn.delivery.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A message on its way behind DATA, RFC 5321 4.5.2. A bare CR or LF becomes CRLF: what one server takes for the end of the data must not be text to
 * another (the SMTP smuggling).
 */
final class DotStuffing {

    private static final int BLOCK = 32 * 1024;

    private final OutputStream out;
    /** Room for a block of which every octet is doubled. */
    private final byte[] stuffed = new byte[2 * BLOCK + 2];

    private int length;
    private boolean lineStart = true;
    private boolean afterCr;

    DotStuffing(OutputStream out) {
        this.out = out;
    }

    /** Called before each block is written. */
    interface Pace {
        void block() throws IOException;
    }

    /** Writes the message, and the end of the data. */
    void write(InputStream message, Pace pace) throws IOException {
        byte[] block = new byte[BLOCK];
        for (int n = message.read(block); n >= 0; n = message.read(block)) {
            for (int i = 0; i < n; i++) put(block[i]);
            flush(pace);
        }
        if (afterCr) add('\n');
        else if (!lineStart) crlf();
        add('.');
        crlf();
        flush(pace);
        out.flush();
    }

    private void put(byte b) {
        if (afterCr) {
            afterCr = false;
            add('\n');
            lineStart = true;
            if (b == '\n') return;
        }
        if (b == '\r') {
            add('\r');
            afterCr = true;
        } else if (b == '\n') {
            crlf();
            lineStart = true;
        } else {
            if (lineStart && b == '.') add('.');
            lineStart = false;
            stuffed[length++] = b;
        }
    }

    private void add(char c) {
        stuffed[length++] = (byte) c;
    }

    private void crlf() {
        add('\r');
        add('\n');
    }

    private void flush(Pace pace) throws IOException {
        pace.block();
        out.write(stuffed, 0, length);
        length = 0;
    }
}
