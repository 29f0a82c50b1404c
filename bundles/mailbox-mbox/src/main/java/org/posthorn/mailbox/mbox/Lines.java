package org.posthorn.mailbox.mbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/** Goes through bytes line by line in bounded memory: a line that is too long comes in pieces. */
final class Lines {

    private static final int WINDOW = 64 * 1024;

    /** Where bytes come from; as {@link java.io.InputStream#read(byte[], int, int)}. */
    @FunctionalInterface
    interface Source {
        int read(byte[] to, int offset, int length) throws IOException;
    }

    /** Where pieces go. */
    @FunctionalInterface
    interface Use {
        void piece(Piece piece) throws IOException;
    }

    /** A line or a piece of one, inside a buffer that is used again; it begins at that place of the source. */
    static final class Piece {
        byte[] bytes = new byte[8192];
        long at;
        int from;
        int length;
        boolean begins = true;
        boolean ends;
        private byte before;

        /** Whether it is an empty line. */
        boolean empty() {
            return begins && ends && (length == 1 || length == 2 && bytes[from] == '\r');
        }

        /** Whether it is the CR of an empty line whose line feed is missing where the file ends. */
        boolean almostEmpty() {
            return begins && !ends && length == 1 && bytes[from] == '\r';
        }

        /** Whether it is or begins a line that goes on the one before, RFC 5322 2.2.3. */
        boolean folded() {
            return begins && (bytes[from] == ' ' || bytes[from] == '\t');
        }

        /** Whether it ends in LF with no CR in front. */
        boolean bare() {
            return ends && (length > 1 ? bytes[from + length - 2] : before) != '\r';
        }
    }

    private Lines() {}

    /** The bytes of a file from that place on. */
    static Source of(FileChannel channel, long from) {
        long[] at = {from};
        return (to, offset, length) -> {
            int n = channel.read(ByteBuffer.wrap(to, offset, length), at[0]);
            at[0] += Math.max(0, n);
            return n;
        };
    }

    /** @return the place behind the last byte */
    static long read(Source source, long start, Use use) throws IOException {
        Piece piece = new Piece();
        long at = start;
        int filled = 0;
        for (int n; (n = source.read(piece.bytes, filled, piece.bytes.length - filled)) > 0; ) {
            filled += n;
            boolean more = filled == piece.bytes.length && filled < WINDOW;
            int used = whole(piece, at, filled, use);
            if (used == 0 && filled == WINDOW) used = give(piece, at, 0, filled, false, use);
            at += used;
            filled -= used;
            System.arraycopy(piece.bytes, used, piece.bytes, 0, filled);
            if (more) piece.bytes = Arrays.copyOf(piece.bytes, WINDOW);
        }
        if (filled > 0) give(piece, at, 0, filled, false, use);
        return at + filled;
    }

    private static int whole(Piece piece, long at, int filled, Use use) throws IOException {
        int used = 0;
        for (int i = 0; i < filled; i++) if (piece.bytes[i] == '\n') used = give(piece, at, used, i + 1, true, use);
        return used;
    }

    private static int give(Piece piece, long at, int from, int behind, boolean ends, Use use) throws IOException {
        piece.at = at + from;
        piece.from = from;
        piece.length = behind - from;
        piece.ends = ends;
        use.piece(piece);
        piece.before = ends ? 0 : piece.bytes[behind - 1];
        piece.begins = ends;
        return behind;
    }
}
