package org.posthorn.mime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Octets by their place, a block of them held in memory: one may look ahead and come back a little. For one thread. */
final class Window {

    /** So far one may look ahead of what is read next. */
    static final int AHEAD = 2048;

    /** Where octets come from. */
    @FunctionalInterface
    private interface Source {
        /** Fills the buffer from that place on; leaves it alone at the end. */
        void read(long position, ByteBuffer into) throws IOException;
    }

    private final Source source;
    private final byte[] bytes = new byte[16 * 1024];
    private long start;
    private int length;

    private Window(Source source) {
        this.source = source;
    }

    /** On octets at rest. */
    static Window of(Octets octets) {
        return new Window((position, into) -> read(octets, position, into));
    }

    /** On a stream, which is not closed; there is no way back but that. */
    static Window of(InputStream in) {
        return new Window((position, into) -> {
            int n = in.read(into.array(), into.position(), into.remaining());
            if (n > 0) into.position(into.position() + n);
        });
    }

    private static void read(Octets octets, long position, ByteBuffer into) throws IOException {
        long left = octets.size() - position;
        if (left <= 0) return;
        int before = into.position();
        octets.transferTo(position, Math.min(into.remaining(), left), new Filling(into));
        if (into.position() == before) throw new IOException("The message is shorter than it was");
    }

    /** The octet there; -1 at the end. */
    int at(long position) throws IOException {
        if (position < start || position >= start + length) fill(position);
        return position < start + length ? bytes[(int) (position - start)] & 0xFF : -1;
    }

    private void fill(long position) throws IOException {
        int kept = position == start + length ? Math.min(length, AHEAD) : 0;
        System.arraycopy(bytes, length - kept, bytes, 0, kept);
        start = position - kept;
        ByteBuffer into = ByteBuffer.wrap(bytes).position(kept);
        source.read(position, into);
        length = into.position();
    }

    /** A buffer as a channel. */
    private record Filling(ByteBuffer into) implements WritableByteChannel {

        @Override
        public int write(ByteBuffer from) {
            int n = Math.min(from.remaining(), into.remaining());
            into.put(from.slice().limit(n));
            from.position(from.position() + n);
            return n;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
