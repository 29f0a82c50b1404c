package org.posthorn.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whose turn it is on a data directory. The lock decides and dies with its process; the PID file is for people, init systems and
 * {@code stop}.
 */
final class Instance implements AutoCloseable {
    private static final List<String> LEFTOVERS =
            List.of("posthorn.up", "control.sock", "control.port", "offline.sock", "offline.port");

    private final Site site;
    private final FileChannel channel;

    private Instance(Site site, FileChannel channel) {
        this.site = site;
        this.channel = channel;
    }

    /** Takes the data directory for this process, or says who has it. */
    static Instance take(Site site) throws Failure {
        try {
            FileChannel channel = FileChannel.open(site.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw alreadyRunning(site);
            }
            // Left over from a process that was killed.
            for (String name : LEFTOVERS) {
                Files.deleteIfExists(site.run().resolve(name));
            }
            return new Instance(site, channel);
        } catch (IOException e) {
            throw new Failure(ExitCode.CANNOT_CREATE, site.lock() + " cannot be locked: " + Folders.why(e), e);
        }
    }

    /** Before a process is made only to be told the same by the lock. */
    static void refuseSecond(Site site) throws Failure {
        if (running(site).isPresent()) {
            throw alreadyRunning(site);
        }
    }

    private static Failure alreadyRunning(Site site) {
        String who = running(site).map(p -> " (pid " + p.pid() + ")").orElse("");
        return new Failure(ExitCode.ALREADY_RUNNING, "Posthorn is already running on " + site.data() + who);
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    void writePid() throws IOException {
        Folders.writePrivately(site.pid(), ProcessHandle.current().pid() + "\n");
    }

    /** The server on this data directory, if its PID file tells of a process that still is the one that wrote it. */
    static Optional<ProcessHandle> running(Site site) {
        return running(site.pid());
    }

    static Optional<ProcessHandle> running(Path pidFile) {
        try {
            Instant written = Files.getLastModifiedTime(pidFile).toInstant();
            return ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
                    .filter(ProcessHandle::isAlive)
                    // A killed process that nobody has waited for yet is listed as alive, but runs no program.
                    .filter(p -> p.info().command().isPresent())
                    // A process that began after the file was written has inherited the number, not the server.
                    .filter(p -> p.info()
                            .startInstant()
                            .map(begin -> begin.isBefore(written.plusSeconds(2)))
                            .orElse(true));
        } catch (NoSuchFileException | NumberFormatException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        // The files are ours only as long as the lock is.
        if (!channel.isOpen()) {
            return;
        }
        Files.deleteIfExists(site.up());
        Files.deleteIfExists(site.pid());
        channel.close();
    }
}
