package org.posthorn.mime;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Octets as a literal can have them, which knows no NUL (RFC 3501 9 "CHAR8"): 0x80 stands in its place, so that sizes and places stay. */
public record Char8Octets(Octets raw) implements Octets {

    private static final byte INSTEAD = (byte) 0x80;

    @Override
    public long size() {
        return raw.size();
    }

    @Override
    public InputStream open() throws IOException {
        return new Stream(raw.open());
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
        return raw.transferTo(position, count, new Channel(to));
    }

    private static final class Stream extends FilterInputStream {

        Stream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = in.read();
            return b == 0 ? INSTEAD & 0xFF : b;
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            int n = in.read(into, from, most);
            for (int i = from; i < from + n; i++) if (into[i] == 0) into[i] = INSTEAD;
            return n;
        }
    }

    /** Whoever writes to it may need its buffer as it is, so that only what has a NUL is copied. */
    private record Channel(WritableByteChannel to) implements WritableByteChannel {

        @Override
        public int write(ByteBuffer from) throws IOException {
            int nul = nul(from);
            if (nul < 0) return to.write(from);
            ByteBuffer copy = ByteBuffer.allocate(from.remaining()).put(from.duplicate());
            for (int i = nul - from.position(); i < copy.capacity(); i++) if (copy.get(i) == 0) copy.put(i, INSTEAD);
            int n = to.write(copy.flip());
            from.position(from.position() + n);
            return n;
        }

        private static int nul(ByteBuffer octets) {
            for (int i = octets.position(); i < octets.limit(); i++) if (octets.get(i) == 0) return i;
            return -1;
        }

        @Override
        public boolean isOpen() {
            return to.isOpen();
        }

        @Override
        public void close() throws IOException {
            to.close();
        }
    }
}
