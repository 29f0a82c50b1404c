package org.posthorn.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * One file of the journal. It begins with a head of 32 octets: {@code PHSPOOL} and the version, its number, its mark, and the CRC32C of
 * these. Records follow; behind the last one the file may be filled with zeros.
 *
 * <p>The mark is drawn by lot for each segment and begins each of its records, so that a mail cannot carry in itself what looks like a
 * record when a reader has to find the next one behind damage.
 */
final class Segment {

    static final int HEAD = 32;
    private static final long MAGIC = 0x504853504F4F4C01L;

    private final Path path;
    private final long number;
    private final long mark;
    private final Set<Committed> open = new LinkedHashSet<>();
    private boolean needed;

    Segment(Path folder, long number, long mark) {
        this.path = folder.resolve("%016x.seg".formatted(number));
        this.number = number;
        this.mark = mark;
    }

    /** The number that a name stands for; empty when it is no segment's. */
    static Optional<Long> number(Path path) {
        String name = path.getFileName().toString();
        if (!name.matches("[0-7][0-9a-f]{15}\\.seg")) return Optional.empty();
        return Optional.of(Long.parseLong(name.substring(0, 16), 16));
    }

    /** Whether anything stands where the first record begins. */
    static boolean begun(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer mark = ByteBuffer.allocate(Long.BYTES);
            channel.read(mark, HEAD);
            return mark.getLong(0) != 0;
        }
    }

    Path path() {
        return path;
    }

    long number() {
        return number;
    }

    long mark() {
        return mark;
    }

    /** The mails that lie in it and are not settled. Guarded by the journal's lock. */
    Set<Committed> open() {
        return open;
    }

    /** Whether it stands, though no mail in it may be open, until the next start. */
    boolean needed() {
        return needed;
    }

    /** There is damage in it that could not be set aside. Said before others see it. */
    void need() {
        needed = true;
    }

    ByteBuffer head() {
        ByteBuffer head =
                ByteBuffer.allocate(HEAD).putLong(MAGIC).putLong(number).putLong(mark);
        head.putInt(Frame.crc(head.array(), 0, 24));
        return head.rewind();
    }

    /** Reads the mark of a file; where the head is damaged, that of its records. */
    static long mark(FileChannel channel, long size) throws IOException {
        ByteBuffer head = ByteBuffer.allocate((int) Math.min(size, HEAD));
        SliceStream.readFully(channel, head, 0);
        boolean whole = size >= HEAD && head.getInt(24) == Frame.crc(head.array(), 0, 24);
        if (whole && head.getLong(0) == MAGIC) return head.getLong(16);
        if (whole && head.getLong(0) >>> 8 == MAGIC >>> 8)
            throw new IOException("a journal segment is of another version: " + head.get(7));
        return new MarkSearch(channel, size).mark();
    }
}
