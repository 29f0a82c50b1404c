package org.posthorn.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Copies of segments in which something could not be read. A journal that was empty counts its segments from one again, so a copy bears the mark beside the
 * number, or the sum of its octets when no mark can be read; those of older versions bear the number alone.
 */
record Copies(Path folder) {

    /** That of this very segment, be it that a repair has seen to it. */
    Optional<Path> of(Path segment) throws IOException {
        String name = name(segment);
        for (Path place : List.of(folder, folder.resolve(Remains.OLD)))
            for (Path copy : List.of(place.resolve(name), place.resolve(segment.getFileName())))
                if (Files.exists(copy) && name(copy).equals(name)) return Optional.of(copy);
        return Optional.empty();
    }

    /**
     * Makes one, forced with its name: the segment may be cut or deleted next.
     *
     * @return the copy; empty when there was one
     * @throws IOException as on a full disk; nothing of it is left then
     */
    Optional<Path> make(Path segment) throws IOException {
        if (standsAlone(segment)) return Optional.empty();
        Path copy = folder.resolve(name(segment));
        Path unfinished = folder.resolve(segment.getFileName() + KeptFiles.UNFINISHED);
        try {
            Files.copy(segment, unfinished, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(unfinished, copy, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        Directories.force(folder);
        return Optional.of(copy);
    }

    /** Whether there is one, with octets of its own. */
    private boolean standsAlone(Path segment) throws IOException {
        Optional<Path> copy = of(segment);
        return copy.isPresent() && !Files.isSameFile(copy.get(), segment);
    }

    /**
     * Has the octets stand there under a second name, which needs no room: the segment may be deleted, but not cut.
     *
     * @return the name, forced
     * @throws IOException also when the disk knows no such names
     */
    Path link(Path segment) throws IOException {
        Optional<Path> before = of(segment);
        if (before.isPresent()) return before.get();
        Path link = folder.resolve(name(segment));
        try {
            Files.createLink(link, segment);
        } catch (UnsupportedOperationException e) {
            throw new IOException(e);
        }
        Directories.force(folder);
        return link;
    }

    /** What a copy is called, of a segment or of one that has no mark in its name. */
    static String name(Path segment) throws IOException {
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.READ)) {
            long mark = Segment.mark(channel, channel.size());
            long told = mark != 0 ? mark : sum(channel);
            return segment.getFileName()
                    .toString()
                    .replaceFirst("(-[0-9a-f]{16})?\\.seg$", "-%016x.seg".formatted(told));
        }
    }

    private static long sum(FileChannel channel) throws IOException {
        CRC32C sum = new CRC32C();
        ByteBuffer window = ByteBuffer.allocate(64 * 1024);
        for (long at = 0; channel.read(window.clear(), at) > 0; at += window.limit()) sum.update(window.flip());
        return sum.getValue();
    }
}
