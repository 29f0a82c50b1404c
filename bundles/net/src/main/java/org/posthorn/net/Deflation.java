package org.posthorn.net;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.Deflater;

/**
 * Compresses what one connection sends: raw DEFLATE (RFC 1951). The least effort is enough: answers and headers shrink to about the same with any, and most
 * of a mail is base64, in which more effort finds nothing (RFC 4978 4). It belongs to the connection's turn.
 *
 * <p>A deflater has up to 262 KiB outside of the heap, and they can be done without between two answers: the next one begins with nothing to refer to, of
 * which the client need not know.
 */
final class Deflation {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int LEAST = 128;

    private Deflater deflater;
    private boolean flushed = true;
    private volatile boolean awake;

    /** What is to be sent for it now; the rest comes with what follows. */
    ByteBuffer add(ByteBuffer octets) {
        return deflate(octets, Deflater.NO_FLUSH);
    }

    /** What is to be sent so that the client has all of it. */
    ByteBuffer flush(ByteBuffer octets) {
        return deflate(octets, Deflater.SYNC_FLUSH);
    }

    /** The end: what is sent behind it is not compressed. */
    ByteBuffer finish() {
        deflater().finish();
        ByteBuffer last = deflate(NOTHING, Deflater.NO_FLUSH);
        end();
        return last;
    }

    private ByteBuffer deflate(ByteBuffer octets, int mode) {
        Deflater to = deflater();
        to.setInput(octets);
        byte[] made = new byte[LEAST + octets.remaining() / 2];
        int length = 0;
        do {
            if (length == made.length) made = Arrays.copyOf(made, 2 * length);
            length += to.deflate(made, length, made.length - length, mode);
        } while (length == made.length);
        to.setInput(NOTHING);
        flushed = mode == Deflater.SYNC_FLUSH;
        return ByteBuffer.wrap(made, 0, length);
    }

    private Deflater deflater() {
        if (deflater == null) deflater = new Deflater(Deflater.BEST_SPEED, true);
        awake = true;
        return deflater;
    }

    /** Whether it has memory that it could do without; for any thread. */
    boolean awake() {
        return awake;
    }

    /** Does without it, unless something is held back. */
    void rest() {
        if (flushed) end();
    }

    /** Gives the memory back. */
    void end() {
        awake = false;
        if (deflater != null) deflater.end();
        deflater = null;
    }
}
