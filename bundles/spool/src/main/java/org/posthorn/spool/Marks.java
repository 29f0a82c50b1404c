package org.posthorn.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The places of a segment where its mark stands: where a record begins, or began before it was damaged. */
final class Marks {

    private static final int WINDOW = 64 * 1024;

    private final FileChannel channel;
    private final long size;
    private final long mark;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);
    private long begin;

    Marks(FileChannel channel, long size, long mark) {
        this.channel = channel;
        this.size = size;
        this.mark = mark;
    }

    /** The first place from there on; -1 for none. */
    long from(long place) throws IOException {
        for (long at = place; at + Long.BYTES <= size; at++) {
            if (at < begin || at + Long.BYTES > begin + window.limit()) read(at);
            if (window.getLong((int) (at - begin)) == mark) return at;
        }
        return -1;
    }

    private void read(long at) throws IOException {
        begin = at;
        window.clear().limit((int) Math.min(WINDOW, size - at));
        SliceStream.readFully(channel, window, at);
    }
}
