package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Staged;
import org.posthorn.mime.StoredMessage;

/** A message in {@code tmp}, whole, on its way to {@code new} or {@code cur}. */
final class TmpFile implements Staged {

    // The Maildir specification: what lies in tmp for 36 hours was left behind.
    private static final Duration LEFT_BEHIND = Duration.ofHours(36);

    private final Path directory;
    private final Letters letters;
    private final String key;
    private final long size;
    private final Unforced unforced;
    private boolean placing;

    private TmpFile(Path directory, Letters letters, String key, long size, Unforced unforced) {
        this.directory = directory;
        this.letters = letters;
        this.key = key;
        this.size = size;
        this.unforced = unforced;
    }

    /** Copies a message, or links it when it is a file of the same kind. */
    static TmpFile write(
            Path directory, Message message, Instant date, UniqueName names, Letters letters, Unforced unforced)
            throws IOException {
        TmpFile file = new TmpFile(directory, letters, names.next(message.size()), message.size(), unforced);
        try {
            if (!link(message, file.tmp())) file.copy(message);
            // The time of the file is the internal date, to the second for whoever reads it next.
            Files.setLastModifiedTime(file.tmp(), FileTime.from(date));
            return file;
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            file.close();
            throw e;
        }
    }

    private static boolean link(Message message, Path name) throws IOException {
        if (!(message instanceof StoredMessage stored) || !stored.trace().isEmpty()) return false;
        if (!(stored.octets() instanceof MaildirFile file)) return false;
        try {
            file.link(name);
            return true;
        } catch (UnsupportedOperationException | java.nio.file.FileSystemException e) {
            // Another file system, or too many links: the bytes can still be copied.
            return false;
        }
    }

    private void copy(Message message) throws IOException {
        try (FileChannel out = FileChannel.open(tmp(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long done = 0; done < size; ) {
                long n = message.transferTo(done, size - done, out);
                if (n <= 0) throw new IOException("The message ended before its size");
                done += n;
            }
        }
    }

    private Path tmp() {
        return directory.resolve("tmp").resolve(key);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public String key(long uid) {
        return key;
    }

    @Override
    public void force() throws IOException {
        try (FileChannel file = FileChannel.open(tmp(), StandardOpenOption.READ)) {
            file.force(true);
        }
        unforced.forced(key);
    }

    @Override
    public void place(long uidValidity, long uid, Flags flags) throws IOException {
        Path target = flags.names().isEmpty()
                ? directory.resolve("new").resolve(key)
                : directory.resolve("cur").resolve(key + MaildirName.NO_FLAGS + letters.of(flags));
        // From here on the file stays, even if the move fails: it tells a restart that the mail did not get there.
        placing = true;
        try {
            Files.move(tmp(), target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            unforced.changed(target);
        }
    }

    @Override
    public void close() throws IOException {
        if (placing) return;
        unforced.takeForced(key);
        Files.deleteIfExists(tmp());
    }

    /** Deletes what was left behind. */
    static void sweep(Path tmp, Instant now) throws IOException {
        if (!Files.isDirectory(tmp)) {
            Files.createDirectories(tmp);
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(tmp)) {
            for (Path file : files)
                if (touched(file).plus(LEFT_BEHIND).isBefore(now)
                        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) Files.deleteIfExists(file);
        }
    }

    /** When it last changed in any way: the time of modification may be an internal date of long ago. */
    private static Instant touched(Path file) throws IOException {
        boolean unix = file.getFileSystem().supportedFileAttributeViews().contains("unix");
        try {
            Object time = Files.getAttribute(file, unix ? "unix:ctime" : "lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
            return ((FileTime) time).toInstant();
        } catch (NoSuchFileException e) {
            return Instant.MAX.minus(LEFT_BEHIND);
        }
    }
}
