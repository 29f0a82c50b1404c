package org.posthorn.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import org.posthorn.api.mail.Message;

/** Something to send. */
sealed interface Piece {

    long size();

    Piece upTo(long octets);

    Piece from(long octets);

    /** Puts it into the buffer. */
    void read(ByteBuffer into) throws IOException;

    /** Small pieces as one. */
    static ByteBuffer join(List<Piece> pieces) throws IOException {
        if (pieces.size() == 1 && pieces.get(0) instanceof Octets o)
            return ByteBuffer.wrap(o.array, o.begin, o.end - o.begin);
        long size = pieces.stream().mapToLong(Piece::size).sum();
        ByteBuffer all = ByteBuffer.allocate((int) size);
        for (Piece piece : pieces) piece.read(all);
        return all.flip();
    }

    record Octets(byte[] array, int begin, int end) implements Piece {
        @Override
        public long size() {
            return end - begin;
        }

        @Override
        public Piece upTo(long octets) {
            return new Octets(array, begin, begin + (int) octets);
        }

        @Override
        public Piece from(long octets) {
            return new Octets(array, begin + (int) octets, end);
        }

        @Override
        public void read(ByteBuffer into) {
            into.put(array, begin, end - begin);
        }
    }

    record Part(Message message, long position, long size) implements Piece {
        @Override
        public Piece upTo(long octets) {
            return new Part(message, position, octets);
        }

        @Override
        public Piece from(long octets) {
            return new Part(message, position + octets, size - octets);
        }

        @Override
        public void read(ByteBuffer into) throws IOException {
            int end = into.position() + (int) size;
            Filling filling = new Filling(into);
            while (into.position() < end) {
                int left = end - into.position();
                if (message.transferTo(position + size - left, left, filling) <= 0)
                    throw new IOException("a message ends before octet " + (position + size));
            }
        }
    }

    /** A buffer as a channel. */
    record Filling(ByteBuffer into) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer from) {
            int n = from.remaining();
            into.put(from);
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
