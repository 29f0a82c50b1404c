package org.posthorn.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds the mark of a segment whose head is damaged: the one that most octets in whole records bear. A mail can hold what looks like records of another
 * mark, but hardly more octets of them than there are real ones.
 */
final class MarkSearch {

    private static final int WINDOW = 64 * 1024;

    private final FileChannel channel;
    private final long size;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW);
    private long begin;
    private final Map<Long, Long> octets = new HashMap<>();

    MarkSearch(FileChannel channel, long size) {
        this.channel = channel;
        this.size = size;
        window.limit(0);
    }

    /** 0 when there is no whole record. */
    long mark() throws IOException {
        long at = Segment.HEAD;
        while (at + Frame.HEAD < size) {
            int length = whole(at);
            if (length > 0) octets.merge(window.getLong((int) (at - begin)), (long) length, Long::sum);
            at += length > 0 ? Frame.HEAD + length : 1;
        }
        return octets.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(0L);
    }

    /** How long the record is that begins there; 0 when none does. */
    private int whole(long at) throws IOException {
        if (at - begin + Frame.HEAD > window.limit()) {
            begin = at;
            window.clear().limit((int) Math.min(WINDOW, size - at));
            SliceStream.readFully(channel, window, at);
        }
        int length = window.getInt((int) (at - begin) + 8);
        if (length <= 0 || length > Frame.LONGEST || length > size - at - Frame.HEAD) return 0;
        ByteBuffer record = ByteBuffer.allocate(length);
        SliceStream.readFully(channel, record, at + Frame.HEAD);
        boolean same = Frame.crc(record.array(), 0, length) == window.getInt((int) (at - begin) + 12);
        return same ? length : 0;
    }
}
