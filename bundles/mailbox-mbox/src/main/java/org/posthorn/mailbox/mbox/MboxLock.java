package org.posthorn.mailbox.mbox;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Keeps other processes away: by fcntl first, and for writing by a dot-lock then, as Debian's programs do. */
final class MboxLock implements Closeable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration STALE = Duration.ofMinutes(5);

    private final FileLock region;
    private final Path dot;

    private MboxLock(FileLock region, Path dot) {
        this.region = region;
        this.dot = dot;
    }

    /** Waits for other programs, within reason. */
    static MboxLock take(FileChannel channel, Path path, boolean writing) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (long pause = 2; ; pause = Math.min(100, 2 * pause)) {
            FileLock region = channel.tryLock(0, Long.MAX_VALUE, !writing);
            if (region != null && !writing) return new MboxLock(region, null);
            Path dot = path.resolveSibling(path.getFileName() + ".lock");
            if (region != null && dot(dot)) return new MboxLock(region, dot);
            // Who takes the two in the other order must be able to go on.
            if (region != null) region.release();
            if (System.nanoTime() > end) throw new IOException("Another program has locked " + path);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pause));
        }
    }

    private static boolean dot(Path dot) throws IOException {
        try {
            Files.createFile(dot);
            return true;
        } catch (FileAlreadyExistsException e) {
            if (stale(dot)) Files.deleteIfExists(dot);
            return false;
        }
    }

    private static boolean stale(Path dot) throws IOException {
        try {
            return Files.getLastModifiedTime(dot)
                    .toInstant()
                    .isBefore(Instant.now().minus(STALE));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        if (dot != null) Files.deleteIfExists(dot);
        if (region.channel().isOpen()) region.release();
    }
}
