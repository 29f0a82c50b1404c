package org.posthorn.imap.command;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.WritableByteChannel;
import java.util.Iterator;
import java.util.List;
import org.posthorn.api.mail.Message;
import org.posthorn.mime.Octets;

/** Pieces of messages, one behind the other; each is read where it lies. */
record Joined(List<Piece> pieces) implements Octets {

    /** So many octets of a message, from there. */
    record Piece(Message of, long from, long count) {

        static Piece of(Message whole) {
            return new Piece(whole, 0, whole.size());
        }
    }

    @Override
    public long size() {
        return pieces.stream().mapToLong(Piece::count).sum();
    }

    @Override
    public InputStream open() {
        return new Stream(pieces.iterator());
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
        long before = 0;
        for (Piece p : pieces) {
            long in = position - before;
            if (in < p.count) return p.of.transferTo(p.from + in, Math.min(count, p.count - in), to);
            before += p.count;
        }
        return 0;
    }

    /** Opens each piece when the one before is read. */
    private static final class Stream extends InputStream {
        private final Iterator<Piece> rest;
        private InputStream now = new ByteArrayInputStream(new byte[0]);
        private long left;

        Stream(Iterator<Piece> rest) {
            this.rest = rest;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            if (most == 0) return 0;
            while (left == 0) {
                if (!rest.hasNext()) return -1;
                next(rest.next());
            }
            int n = now.read(into, from, (int) Math.min(most, left));
            if (n < 0) throw new IOException("A message has become shorter");
            left -= n;
            return n;
        }

        private void next(Piece piece) throws IOException {
            now.close();
            now = piece.of.open();
            now.skipNBytes(piece.from);
            left = piece.count;
        }

        @Override
        public void close() throws IOException {
            now.close();
        }
    }
}
