package org.posthorn.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Appends to a segment. Only the journal's own thread does, which nobody interrupts: an interrupt would close the channel.
 *
 * <p>{@code fdatasync} makes the octets safe and what of the metadata is needed to find them again, so a file may grow between two forces.
 * But growing costs a metadata write each time; so zeros are written ahead, and most forces find the room already there.
 */
final class SegmentWriter {

    private static final int AHEAD = 1 << 20;

    private final Segment segment;
    private final FileChannel channel;
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(64 * 1024);
    private final List<ByteBuffer> pending = new ArrayList<>();
    private long end = Segment.HEAD;
    private long forced = Segment.HEAD;
    private long reserved;

    /** Makes the file: name and head are forced. */
    SegmentWriter(Segment segment) throws IOException {
        this.segment = segment;
        channel = FileChannel.open(segment.path(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            pending.add(segment.head());
            flush();
            force();
            Directories.force(segment.path().getParent());
        } catch (IOException e) {
            channel.close();
            Files.deleteIfExists(segment.path());
            throw e;
        }
    }

    Segment segment() {
        return segment;
    }

    long end() {
        return end;
    }

    /** Puts a framed record behind the others. @return where what follows its frame begins */
    long add(ByteBuffer[] record) {
        record[0].putLong(0, segment.mark());
        long start = end;
        for (ByteBuffer part : record) {
            end += part.remaining();
            pending.add(part.duplicate());
        }
        return start + Frame.HEAD;
    }

    /** Writes what was added. */
    void flush() throws IOException {
        ByteBuffer[] all = pending.toArray(ByteBuffer[]::new);
        pending.clear();
        for (int first = 0; first < all.length; )
            if (all[first].hasRemaining()) channel.write(all, first, all.length - first);
            else first++;
        if (end <= reserved) return;
        reserved = end;
        while (reserved < end + AHEAD) reserved += channel.write(zeros.clear(), reserved);
    }

    void force() throws IOException {
        channel.force(false);
        forced = end;
    }

    /** It is full. Takes the zeros off; what was added is flushed and forced by then. */
    void close() throws IOException {
        channel.truncate(end);
        channel.close();
    }

    /** Something broke: takes off what was not forced, so that no mail stands there whose sender was told to come again. */
    void abandon() throws IOException {
        try (channel) {
            channel.truncate(forced);
            channel.force(true);
        }
    }
}
