package org.posthorn.mailbox.mbox;

import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps other processes away: by fcntl first, and for writing by a dot-lock then, as Debian's programs do. In the dot-lock stands our process number, as
 * liblockfile writes it, and for an append, below it, how long the mbox was: a kill ends a write between two pages of memory, and what then lies behind
 * that length is part of a message that nobody was promised, or that the journal brings again. That is true in the same life of the kernel alone, since nobody
 * forces that a lock is gone.
 */
final class MboxLock implements Closeable {

    private static final Logger log = LoggerFactory.getLogger(MboxLock.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration STALE = Duration.ofMinutes(5);
    /** How exactly the system tells when another process began, and when a file was written. */
    private static final Duration ROUGHLY = Duration.ofSeconds(2);

    private static final Duration TICK = Duration.ofMillis(50);
    /** When this process began, whatever version of this bundle asks. */
    private static final Instant OURS =
            Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());

    /** What it is for. */
    enum Work {
        READ,
        WRITE,
        APPEND
    }

    /** Tells this life of the kernel from others; where that cannot be told, this process alone. */
    private static final String BOOT = boot();

    /** @param length of the mbox before the work; negative when that is not said */
    private record Owner(long pid, long length, Instant made) {

        /** Empty when it went meanwhile. */
        static Optional<Owner> of(Path dot) throws IOException {
            try {
                String[] lines =
                        Files.readString(dot, StandardCharsets.ISO_8859_1).split("\n");
                Instant made = Files.getLastModifiedTime(dot).toInstant();
                boolean now = lines.length > 2 && lines[2].equals(BOOT);
                return Optional.of(new Owner(number(lines, 0), now ? number(lines, 1) : -1, made));
            } catch (NoSuchFileException e) {
                return Optional.empty();
            }
        }

        private static long number(String[] lines, int line) {
            String text = lines.length > line ? lines[line].strip() : "";
            return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
        }

        /** A process that is gone holds nothing, nor does one that began later: numbers come again. */
        boolean dead() {
            if (pid <= 0) return false;
            if (pid == ProcessHandle.current().pid()) return made.isBefore(OURS.minus(TICK));
            return ProcessHandle.of(pid)
                    .map(p -> p.info()
                            .startInstant()
                            .filter(began -> made.isBefore(began.minus(ROUGHLY)))
                            .isPresent())
                    .orElse(true);
        }

        /** This process asks because it wants to, and has not got it. */
        boolean stale() {
            return dead()
                    || pid == ProcessHandle.current().pid()
                    || made.isBefore(Instant.now().minus(STALE));
        }
    }

    private final FileLock region;
    private final Path dot;

    private MboxLock(FileLock region, Path dot) {
        this.region = region;
        this.dot = dot;
    }

    private static Path dot(Path path) {
        return path.resolveSibling(path.getFileName() + ".lock");
    }

    /** Whether a process that is gone has left its lock: who reads, too, must have that mended. */
    static boolean left(Path path) throws IOException {
        Path dot = dot(path);
        return Files.exists(dot) && Owner.of(dot).filter(Owner::dead).isPresent();
    }

    private static String boot() {
        Path id = Path.of("/proc/sys/kernel/random/boot_id");
        try {
            return Files.readString(id).strip();
        } catch (IOException e) {
            log.debug("{} cannot be read", id, e);
            return UUID.randomUUID().toString();
        }
    }

    /** Waits for other programs, within reason. */
    static MboxLock take(FileChannel channel, Path path, Work work) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (long pause = 2; ; pause = Math.min(100, 2 * pause)) {
            FileLock region = channel.tryLock(0, Long.MAX_VALUE, work == Work.READ);
            if (region != null && work == Work.READ) return new MboxLock(region, null);
            if (region != null && dotted(region, path, work)) return new MboxLock(region, dot(path));
            if (System.nanoTime() > end) throw new IOException("Another program has locked " + path);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pause));
        }
    }

    /** Who takes the two in the other order must be able to go on: without the second one the first is given back. */
    private static boolean dotted(FileLock region, Path path, Work work) throws IOException {
        boolean both = false;
        try {
            both = dotted(region.channel(), path, work);
            return both;
        } finally {
            if (!both) region.release();
        }
    }

    /** With what stands in it from its first moment: who finds it knows whether we live. */
    private static boolean dotted(FileChannel channel, Path path, Work work) throws IOException {
        Path dot = dot(path);
        long pid = ProcessHandle.current().pid();
        long length = channel.size();
        Path fresh = dot.resolveSibling("." + dot.getFileName() + "." + pid + "." + System.nanoTime());
        try {
            Files.writeString(fresh, pid + "\n" + (work == Work.APPEND ? length + "\n" + BOOT + "\n" : ""));
            Files.createLink(dot, fresh);
        } catch (FileAlreadyExistsException e) {
            Optional<Owner> owner = Owner.of(dot).filter(Owner::stale);
            if (owner.isPresent()) inherit(channel, path, owner.get());
            return false;
        } finally {
            Files.deleteIfExists(fresh);
        }
        // Somebody who takes the dot-lock alone was faster: then what stands in ours is not true.
        boolean still = channel.size() == length;
        if (!still) Files.deleteIfExists(dot);
        return still;
    }

    /** Whole messages are left: the lock alone may have stayed, or somebody has written since who takes no dot-lock. */
    private static void inherit(FileChannel channel, Path path, Owner owner) throws IOException {
        boolean more = owner.dead() && owner.length() >= 0 && channel.size() > owner.length();
        if (more && !Rewrite.interrupted(path) && !Tail.whole(channel, owner.length()))
            Tail.setAside(path, channel, owner.length(), "somebody was killed while he wrote them");
        Files.deleteIfExists(dot(path));
    }

    /** What was done under it is done, whether or not the dot-lock can be taken away: one with our number in it is nobody's, and goes with the next. */
    @Override
    public void close() throws IOException {
        try {
            if (dot != null) Files.deleteIfExists(dot);
        } catch (IOException e) {
            log.warn("{} could not be taken away and goes with the next change: {}", dot, e.toString());
        } finally {
            if (region.channel().isOpen()) region.release();
        }
    }
}
