package org.posthorn.queue.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.api.queue.QueuedMailText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files: {@code <id>} a mail, {@code <id>.<n>.tmp} one that is being written, {@code damaged/} what could not be read. A mail is written to a
 * temporary file, forced, renamed, and the folder forced: after a crash there is the old one or the new one, whole.
 */
final class QueueFolder {

    private static final Logger LOG = LoggerFactory.getLogger(QueueFolder.class);
    /** Far more than a mail with all its recipients needs: a file beyond it is not ours. */
    private static final int LARGEST = 16 << 20;

    private final Path folder;
    private final AtomicLong count = new AtomicLong();

    QueueFolder(Path folder) throws IOException {
        boolean fresh = Files.notExists(folder);
        this.folder = Files.createDirectories(folder);
        if (fresh) force(folder.toAbsolutePath().getParent());
    }

    /** Which mails there are; what was not finished goes. */
    List<MailId> all() throws IOException {
        List<MailId> all = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.endsWith(".tmp")) Files.delete(file);
                else if (MailId.valid(name)) all.add(new MailId(name));
            }
        }
        return all;
    }

    void write(QueuedMail mail) throws IOException {
        Path temporary = folder.resolve(mail.id() + "." + count.incrementAndGet() + ".tmp");
        try {
            write(temporary, QueuedMailText.write(mail));
            Files.move(temporary, file(mail.id()), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
        force(folder);
    }

    private static void write(Path file, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) channel.write(bytes);
            channel.force(true);
        }
    }

    /** Empty when there is none; one that is damaged is set aside. @throws IOException when it cannot be read now, and may be whole */
    Optional<QueuedMail> read(MailId id) throws IOException {
        byte[] octets;
        try (InputStream in = Files.newInputStream(file(id))) {
            octets = in.readNBytes(LARGEST + 1);
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(id, octets));
        } catch (IOException damaged) {
            setAside(id, damaged);
            return Optional.empty();
        }
    }

    private static QueuedMail parse(MailId id, byte[] octets) throws IOException {
        if (octets.length > LARGEST) throw new IOException("too large for a queued mail");
        CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets));
        QueuedMail mail = QueuedMailText.read(text.toString());
        if (!mail.id().equals(id)) throw new IOException("it is about " + mail.id());
        return mail;
    }

    /** Where those are that could not be read. */
    Path damaged() {
        return folder.resolve("damaged");
    }

    private void setAside(MailId id, IOException why) throws IOException {
        Path aside = Files.createDirectories(damaged()).resolve(id.text());
        Files.move(file(id), aside, StandardCopyOption.REPLACE_EXISTING);
        LOG.error(
                "The queue file of {} cannot be read ({}); it is set aside as {}; its mail waits again when the spool has noted who waits for it.",
                id,
                why.getMessage(),
                aside);
    }

    void delete(MailId id) throws IOException {
        Files.deleteIfExists(file(id));
        force(folder);
    }

    static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private Path file(MailId id) {
        return folder.resolve(id.text());
    }
}
