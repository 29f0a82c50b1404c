package org.posthorn.mailbox.maildir;

import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
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
    /** How exactly the system tells when another process began, and when a file was written. */
    private static final Duration ROUGHLY = Duration.ofSeconds(2);

    private static final Duration TICK = Duration.ofMillis(50);
    /** When this process began, whatever version of this bundle asks. */
    private static final Instant OURS =
            Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());

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
                create(lock);
                return new DotLock(target, lock);
            } catch (FileAlreadyExistsException e) {
                if (stale(lock)) Files.deleteIfExists(lock);
                else if (System.nanoTime() > end) throw new IOException("Another program holds " + lock, e);
                else LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
    }

    /** With our number in it from its first moment: who finds it knows whether we live. */
    private static void create(Path lock) throws IOException {
        long pid = ProcessHandle.current().pid();
        Path fresh = lock.resolveSibling("." + lock.getFileName() + "." + pid + "." + System.nanoTime());
        try {
            Files.writeString(fresh, pid + "\n");
            Files.createLink(lock, fresh);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static boolean stale(Path lock) throws IOException {
        try {
            Instant made = Files.getLastModifiedTime(lock).toInstant();
            return made.isBefore(Instant.now().minus(STALE))
                    || dead(Files.readString(lock, StandardCharsets.ISO_8859_1).strip(), made);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** A process that is gone holds nothing; nor does one that began later: numbers come again, in a container after each restart. */
    private static boolean dead(String owner, Instant made) {
        if (!owner.matches("[1-9][0-9]{0,9}")) return false;
        long pid = Long.parseLong(owner);
        if (pid == ProcessHandle.current().pid()) return made.isBefore(OURS.minus(TICK));
        return ProcessHandle.of(pid)
                .map(p -> p.info()
                        .startInstant()
                        .filter(began -> made.isBefore(began.minus(ROUGHLY)))
                        .isPresent())
                .orElse(true);
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
