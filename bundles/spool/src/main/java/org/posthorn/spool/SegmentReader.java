package org.posthorn.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Finds the records of a segment one after the other; where something is damaged, those behind it. */
final class SegmentReader {

    private static final int WINDOW = 64 * 1024;

    private final FileChannel channel;
    private final long size;
    private final long mark;
    private final Marks marks;
    private long next = Segment.HEAD;
    private long start;
    private int length;
    private byte[] record = new byte[WINDOW];
    private int damaged;
    private long gap;

    SegmentReader(FileChannel channel) throws IOException {
        this.channel = channel;
        this.size = channel.size();
        this.mark = Segment.mark(channel, size);
        this.marks = new Marks(channel, size, mark);
    }

    long mark() {
        return mark;
    }

    /** Goes to the next record. */
    boolean next() throws IOException {
        if (mark == 0) return false;
        gap = next;
        if (whole(next)) return true;
        for (long at = marks.from(next + 1); at >= 0; at = marks.from(at + 1)) {
            long from = next;
            if (!whole(at)) continue;
            if (from < at) damaged++;
            return true;
        }
        return false;
    }

    /** Where the record's octets begin in the file. */
    long start() {
        return start;
    }

    int length() {
        return length;
    }

    /** The record's octets and perhaps more; until the next call of {@link #next}. */
    byte[] record() {
        return record;
    }

    /** Where the record before ended; something that is none begins there if this is not where the record's frame does. */
    long gap() {
        return gap;
    }

    /** How many times something lay between two records that is none. */
    int damaged() {
        return damaged;
    }

    /** The end of the last record. */
    long end() {
        return next;
    }

    /** Where what was written ends: anything but zeros that lies behind the last record was no room taken ahead. */
    long written() throws IOException {
        long written = next;
        ByteBuffer window = ByteBuffer.allocate(WINDOW);
        for (long at = Math.min(next, size); at < size; at += window.limit()) {
            window.clear().limit((int) Math.min(WINDOW, size - at));
            SliceStream.readFully(channel, window, at);
            for (int i = 0; i < window.limit(); i++) if (window.get(i) != 0) written = at + i + 1;
        }
        return written;
    }

    /**
     * Whether what stands behind the last record can be a write that a kill cut short: a record that begins well and does not come to its end. One that
     * ends with the file was whole, since what is not in use ends behind its last record.
     *
     * @param written where it ends
     */
    boolean unfinished(long written) throws IOException {
        long there = written - next - Frame.HEAD;
        if (there < 0) return true;
        ByteBuffer head = ByteBuffer.allocate(Frame.HEAD);
        SliceStream.readFully(channel, head, next);
        int announced = head.getInt(8);
        boolean plausible = mark != 0 && head.getLong(0) == mark && announced <= Frame.LONGEST;
        return plausible && announced > there && announced != size - next - Frame.HEAD;
    }

    private boolean whole(long at) throws IOException {
        if (at + Frame.HEAD >= size) return false;
        ByteBuffer head = ByteBuffer.allocate(Frame.HEAD);
        SliceStream.readFully(channel, head, at);
        int announced = head.getInt(8);
        if (head.getLong(0) != mark || announced <= 0 || announced > Frame.LONGEST) return false;
        if (announced > size - at - Frame.HEAD) return false;
        if (record.length < announced) record = new byte[announced];
        SliceStream.readFully(channel, ByteBuffer.wrap(record, 0, announced), at + Frame.HEAD);
        if (Frame.crc(record, 0, announced) != head.getInt(12)) return false;
        start = at + Frame.HEAD;
        length = announced;
        next = start + announced;
        return true;
    }
}
