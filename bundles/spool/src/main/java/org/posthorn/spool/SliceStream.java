package org.posthorn.spool;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;

/** Reads a part of a file and closes it. */
final class SliceStream extends InputStream {

    private final FileChannel channel;
    private final long end;
    private long next;

    SliceStream(FileChannel channel, long position, long size) {
        this.channel = channel;
        this.next = position;
        this.end = position + size;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int from, int count) throws IOException {
        Objects.checkFromIndexSize(from, count, to.length);
        if (count == 0) return 0;
        if (next >= end) return -1;
        int got = channel.read(ByteBuffer.wrap(to, from, (int) Math.min(count, end - next)), next);
        if (got < 0) throw new EOFException("the file is shorter than the mail that lies in it");
        next += got;
        return got;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Fills what remains of the buffer from that position. */
    static void readFully(FileChannel channel, ByteBuffer to, long position) throws IOException {
        long next = position;
        while (to.hasRemaining()) {
            int got = channel.read(to, next);
            if (got < 0) throw new EOFException("the file is shorter than the mail that lies in it");
            next += got;
        }
    }
}
