package org.posthorn.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Appends to a segment. Only the journal's own thread does, which nobody interrupts: an interrupt would close the channel.
 *
 * <p>{@code fdatasync} makes the octets safe and what of the metadata is needed to find them again, so a file may grow between two forces.
 * But growing costs a metadata write each time; so zeros are written ahead, and most forces find the room already there. When the disk is
 * full it is this room that takes what became of mail that is here.
 */
final class SegmentWriter {

    private static final int AHEAD = 1 << 20;
    /** Kept for what is not mail. */
    static final int SPARE = 256 * 1024;

    private final Segment segment;
    private final FileChannel channel;
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(64 * 1024);
    private final List<ByteBuffer> pending = new ArrayList<>();
    private long end = Segment.HEAD;
    private long forced = Segment.HEAD;
    private long reserved;
    private IOException full = new IOException("no room");

    /** Makes the file: name and head are forced. @throws IOException also when the disk has not even the spare room */
    SegmentWriter(Segment segment) throws IOException {
        this.segment = segment;
        channel = FileChannel.open(segment.path(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            pending.add(segment.head());
            flush();
            if (!room(SPARE)) throw new IOException("no space left for a journal segment");
            force();
            Directories.force(segment.path().getParent());
        } catch (IOException e) {
            discard();
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

    /** Takes room for so many octets more, and ahead of them, as far as the disk has it. @return whether they fit */
    boolean room(int octets) throws IOException {
        if (end + octets <= reserved) return true;
        reserved = Math.max(reserved, end);
        try {
            for (long wanted = end + octets + AHEAD; reserved < wanted; )
                reserved += channel.write(zeros.clear(), reserved);
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            full = e;
        }
        return end + octets <= reserved;
    }

    /** Why there was no room ahead the last time. */
    IOException full() {
        return full;
    }

    /** Writes what was added. */
    void flush() throws IOException {
        ByteBuffer[] all = pending.toArray(ByteBuffer[]::new);
        pending.clear();
        for (int first = 0; first < all.length; )
            if (all[first].hasRemaining()) channel.write(all, first, all.length - first);
            else first++;
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

    /** Nothing was written to it, and nothing will be. */
    void discard() throws IOException {
        channel.close();
        Files.deleteIfExists(segment.path());
    }

    /** Something broke: takes off what was not forced, so that no mail stands there whose sender was told to come again. */
    void abandon() throws IOException {
        try (channel) {
            channel.truncate(forced);
            channel.force(true);
        }
    }
}
