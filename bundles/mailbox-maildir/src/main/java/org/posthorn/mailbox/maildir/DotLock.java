package org.posthorn.mailbox.maildir;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A file beside another, with {@code .lock} behind its name, that keeps other programs from writing the other one. */
final class DotLock implements Closeable {

    static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration STALE = Duration.ofMinutes(2);

    private final Path target;
    private final Path lock;

    private DotLock(Path target, Path lock) {
        this.target = target;
        this.lock = lock;
    }

    /** Waits a while for it; takes away one whose owner has not touched it for minutes. */
    static DotLock take(Path target) throws IOException {
        return take(target, PATIENCE);
    }

    static DotLock take(Path target, Duration patience) throws IOException {
        Path lock = target.resolveSibling(target.getFileName() + ".lock");
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                Files.createFile(lock);
                return new DotLock(target, lock);
            } catch (FileAlreadyExistsException e) {
                if (stale(lock)) Files.deleteIfExists(lock);
                else if (System.nanoTime() > end) throw new IOException("Another program holds " + lock, e);
                else LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
    }

    private static boolean stale(Path lock) throws IOException {
        try {
            return Files.getLastModifiedTime(lock)
                    .toInstant()
                    .isBefore(Instant.now().minus(STALE));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Puts that text in the place of the locked file. The text is forced before it gets the name. */
    void replace(String text) throws IOException {
        Path fresh = target.resolveSibling(target.getFileName() + ".tmp");
        try (FileChannel out = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) out.write(bytes);
            out.force(true);
        }
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(lock);
    }
}
