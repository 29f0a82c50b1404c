package org.posthorn.spool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Message;
import org.posthorn.api.spool.Kept;
import org.posthorn.api.spool.KeptMail;
import org.posthorn.mime.StoredMessage;

/** The octets of mail that waits: a file each, as they are, and beside it a {@link KeptNote}. */
final class KeptFiles implements KeptMail {

    static final String UNFINISHED = ".new";
    private static final String NOTE = ".note";

    private final Path folder;

    /** Takes away what was not finished. */
    KeptFiles(Path folder) throws IOException {
        this.folder = folder;
        for (Path path : Directories.list(folder, UNFINISHED)) Files.delete(path);
        for (Path path : Directories.list(folder, NOTE)) if (!Files.exists(octets(path))) Files.delete(path);
        all().forEach(MailId::after);
    }

    private static Path octets(Path note) {
        String name = note.getFileName().toString();
        return note.resolveSibling(name.substring(0, name.length() - NOTE.length()));
    }

    private Path note(MailId id) {
        return folder.resolve(id + NOTE);
    }

    @Override
    public List<MailId> all() throws IOException {
        return Directories.list(folder, "").stream()
                .map(path -> path.getFileName().toString())
                .filter(MailId::valid)
                .map(MailId::new)
                .toList();
    }

    /** Copies and forces; of octets that are there the note alone. */
    @Override
    public Message keep(Mail mail) throws IOException {
        MailId id = mail.id();
        if (mail.envelope().recipients().isEmpty()) {
            KeptNote.nobodyWaits(note(id));
            return message(id).orElse(mail.message());
        }
        if (message(id).isEmpty()) copy(mail);
        else {
            Optional<KeptNote> before = KeptNote.read(note(id));
            int sum = before.isPresent() && !before.get().over() ? before.get().crc() : sum(id);
            write(mail, sum);
        }
        return message(id).orElseThrow();
    }

    @Override
    public void noteAnew(Mail mail) throws IOException {
        write(mail, sum(mail.id()));
    }

    private void write(Mail mail, int sum) throws IOException {
        if (new KeptNote(mail, sum).write(note(mail.id()))) Directories.force(folder);
    }

    private void copy(Mail mail) throws IOException {
        MailId id = mail.id();
        Message message = mail.message();
        Path unfinished = folder.resolve(id + UNFINISHED);
        try (FileChannel file = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            Summed to = new Summed(file, new CRC32C());
            for (long done = 0; done < message.size(); ) {
                long some = message.transferTo(done, message.size() - done, to);
                if (some <= 0) throw new IOException("mail " + id + " ends before its size");
                done += some;
            }
            file.force(false);
            new KeptNote(mail, (int) to.sum().getValue()).write(note(id));
        }
        Files.move(unfinished, folder.resolve(id.text()), StandardCopyOption.ATOMIC_MOVE);
        Directories.force(folder);
    }

    /** Takes the sum of what goes through it. */
    private record Summed(FileChannel file, CRC32C sum) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer octets) throws IOException {
            ByteBuffer written = octets.duplicate();
            int count = file.write(octets);
            sum.update(written.limit(written.position() + count));
            return count;
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    private int sum(MailId id) throws IOException {
        CRC32C sum = new CRC32C();
        byte[] block = new byte[64 * 1024];
        try (InputStream in = Files.newInputStream(folder.resolve(id.text()))) {
            for (int n; (n = in.read(block)) > 0; ) sum.update(block, 0, n);
        }
        return (int) sum.getValue();
    }

    @Override
    public Optional<Message> message(MailId id) throws IOException {
        Path path = folder.resolve(id.text());
        if (Files.notExists(path)) return Optional.empty();
        return Optional.of(StoredMessage.of(Slice.of(new Place(path, 0), Files.size(path))));
    }

    /** What the note tells, held against the octets. */
    @Override
    public Kept inspect(MailId id) throws IOException {
        Optional<KeptNote> note = KeptNote.read(note(id));
        Optional<Message> octets = message(id);
        if (note.isEmpty() || octets.isEmpty()) return new Kept(Optional.empty(), true);
        return new Kept(
                Optional.of(note.get().mail().with(octets.get())), note.get().crc() == sum(id));
    }

    @Override
    public void drop(MailId id) throws IOException {
        Files.deleteIfExists(folder.resolve(id.text()));
        Files.deleteIfExists(note(id));
    }
}
