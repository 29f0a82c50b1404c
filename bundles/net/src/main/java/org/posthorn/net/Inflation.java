package org.posthorn.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Opens what one client has compressed: raw DEFLATE (RFC 1951). It comes in small pieces, each when the one before has been taken, so octets that become a
 * thousand times as many cost time as others do, and no memory. It belongs to the connection's turn, and has 11 to 45 KiB outside of the heap.
 */
final class Inflation {

    /** Where it takes octets from: an empty buffer if there are none; what is taken from the buffer is gone. */
    @FunctionalInterface
    interface Source {
        ByteBuffer next() throws IOException;
    }

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int PIECE = 4096;
    /** Blocks without content hide an attack. */
    private static final int MOST_IN_VAIN = 64 * 1024;

    private final Source below;
    private final Inflater inflater = new Inflater(true);
    private ByteBuffer opened = NOTHING;
    private ByteBuffer from = NOTHING;
    private int end;
    private int inVain;

    Inflation(Source below) {
        this.below = below;
    }

    /** The next octets, empty if there are none. What is taken from the buffer is gone. */
    ByteBuffer next() throws IOException {
        while (!opened.hasRemaining()) {
            boolean full = opened.capacity() > 0 && opened.limit() == opened.capacity();
            ByteBuffer in = below.next();
            if (!in.hasRemaining() && !full) return nothing();
            opened = open(in);
        }
        return opened;
    }

    /** Whether something was inflated that nobody has looked at. */
    boolean holds() {
        return opened.hasRemaining();
    }

    /** Holds no buffer until more comes. */
    private ByteBuffer nothing() {
        inflater.setInput(NOTHING);
        from = NOTHING;
        opened = NOTHING;
        return NOTHING;
    }

    private ByteBuffer open(ByteBuffer in) throws ZipException {
        if (in != from || in.position() >= end) end = endOfFlush(in);
        from = in;
        int limit = in.limit();
        int before = in.position();
        ByteBuffer into = ByteBuffer.allocate(PIECE);
        try {
            inflater.setInput(in.limit(end));
            inflater.inflate(into);
        } catch (DataFormatException e) {
            throw new ZipException(e.getMessage());
        } finally {
            in.limit(limit);
        }
        int taken = in.position() - before;
        if (taken == 0 && into.position() == 0 && in.hasRemaining()) throw new ZipException("more behind the end");
        inVain = into.position() > 0 ? 0 : inVain + taken;
        if (inVain > MOST_IN_VAIN) throw new ZipException("too many blocks without content");
        return into.flip();
    }

    /**
     * Behind the empty block that ends a flush, 00 00 FF FF. What is there may be no longer compressed (RFC 8437 4.1), so it is not taken before
     * somebody has looked at the lines that end here. That the four octets can stand elsewhere harms nobody.
     */
    private static int endOfFlush(ByteBuffer in) {
        for (int i = in.position(); i + 3 < in.limit(); i++) if (in.getInt(i) == 0xffff) return i + 4;
        return in.limit();
    }

    /** Gives its memory back. */
    void end() {
        inflater.end();
    }
}
