package org.posthorn.spool;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.spool.Incoming;
import org.posthorn.api.spool.Spool;
import org.posthorn.mime.StoredMessage;

/**
 * What is left of a mail that was damaged: its envelope with those who have not got it, and octets of which some may be missing or wrong. As a file
 * {@code <id>.mail}: a {@link MailForm} and the octets.
 */
record Remains(Mail mail, Octets octets) {

    static final String ENDING = ".mail";
    /** Where a file goes when all was done about it. */
    static final String OLD = "old";

    private static final UUID NO_BOOT = new UUID(0, 0);

    /** What is left of the message. */
    interface Octets {
        InputStream open() throws IOException;
    }

    /** @throws IOException when the file makes no sense */
    static Remains read(Path file) throws IOException {
        try (DataInputStream in = in(file)) {
            return new Remains(MailForm.read(in, StoredMessage.of("")).mail(), () -> behindForm(file));
        } catch (IllegalArgumentException e) {
            throw new IOException("it cannot be understood: " + e.getMessage(), e);
        }
    }

    private static DataInputStream in(Path file) throws IOException {
        // MailForm asks how much there is before it believes a length, and that must be said at once.
        try (InputStream begin = Files.newInputStream(file)) {
            return new DataInputStream(new ByteArrayInputStream(begin.readNBytes(Frame.LONGEST)));
        }
    }

    private static InputStream behindForm(Path file) throws IOException {
        DataInputStream form = in(file);
        int before = form.available();
        MailForm.read(form, StoredMessage.of(""));
        InputStream octets = new BufferedInputStream(Files.newInputStream(file));
        octets.skipNBytes(before - form.available());
        return octets;
    }

    /** The same for those alone. */
    Remains to(List<Recipient> recipients) {
        Mail open = new Mail(
                mail.id(),
                mail.arrived(),
                mail.origin(),
                mail.envelope().with(recipients),
                mail.message(),
                mail.junk());
        return new Remains(open, octets);
    }

    /** Puts it into the folder, forced. @return false if that was done before, be it that it was seen to since */
    boolean write(Path folder) throws IOException {
        if (written(folder, mail.id().text())) return false;
        Path unfinished = folder.resolve(mail.id() + KeptFiles.UNFINISHED);
        try {
            write(unfinished, folder.resolve(mail.id() + ENDING));
        } finally {
            Files.deleteIfExists(unfinished);
        }
        Directories.force(folder);
        return true;
    }

    private void write(Path unfinished, Path file) throws IOException {
        try (FileChannel to = FileChannel.open(
                        unfinished,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                InputStream from = octets.open()) {
            DataOutputStream out = new DataOutputStream(Channels.newOutputStream(to));
            out.write(MailForm.write(mail, NO_BOOT, 0));
            from.transferTo(out);
            to.force(false);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Whether what is left of that mail was put into the folder, be it that it was seen to since. */
    static boolean written(Path folder, String id) {
        return Files.exists(folder.resolve(id + ENDING))
                || Files.exists(folder.resolve(OLD).resolve(id + ENDING));
    }

    /** Makes it a mail of its own in the spool, with a field in front that tells what it is. */
    Mail commit(Spool spool) throws IOException {
        try (Incoming incoming = spool.begin();
                InputStream from = octets.open()) {
            byte[] block = new byte[8192];
            for (int n; (n = from.read(block)) > 0; ) incoming.write(ByteBuffer.wrap(block, 0, n));
            String note = " mail " + mail.id() + " was damaged on the disk; octets may be missing or wrong";
            Message message = incoming.message().withTrace(List.of(new HeaderField("X-Posthorn-Damaged", note)));
            Mail again = new Mail(MailId.next(), mail.arrived(), mail.origin(), mail.envelope(), message, mail.junk());
            return spool.commit(incoming, again);
        }
    }
}
