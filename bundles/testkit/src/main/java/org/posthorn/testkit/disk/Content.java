package org.posthorn.testkit.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Optional;

/** A file while it is rebuilt. Where a sector did not get to the disk that the file is long enough for, there are zeros. */
final class Content {

    static final int SECTOR = 512;

    private byte[] octets = {};
    private int size;
    private Optional<FileTime> time = Optional.empty();

    void write(Operation.Write write, Survival survival) {
        long end = write.position() + write.octets().length;
        for (long from = write.position(); from < end; ) {
            long to = Math.min(end, (from / SECTOR + 1) * SECTOR);
            if (survival.sector()) put(write, (int) from, (int) to);
            from = to;
        }
        // The size may be there without what lies in it.
        if (end > size && survival.change()) resize(end);
    }

    private void put(Operation.Write write, int from, int to) {
        if (to > size) resize(to);
        System.arraycopy(write.octets(), (int) (from - write.position()), octets, from, to - from);
    }

    void resize(long length) {
        if (length > octets.length) octets = Arrays.copyOf(octets, (int) Math.max(length, 2L * octets.length));
        if (length < size) Arrays.fill(octets, (int) length, size, (byte) 0);
        size = (int) length;
    }

    void touch(FileTime when) {
        time = Optional.of(when);
    }

    void save(Path file) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            int end = size;
            while (end > 0 && octets[end - 1] == 0) end--;
            ByteBuffer all = ByteBuffer.wrap(octets, 0, end);
            while (all.hasRemaining()) out.write(all);
            // Zeros at the end take no room.
            if (end < size) out.write(ByteBuffer.allocate(1), size - 1);
        }
        if (time.isPresent()) Files.setLastModifiedTime(file, time.get());
    }
}
