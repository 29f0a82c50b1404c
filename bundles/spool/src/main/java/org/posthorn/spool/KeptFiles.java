package org.posthorn.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Message;
import org.posthorn.mime.StoredMessage;

/** The octets of mail that waits: a file each, as they are. */
final class KeptFiles {

    private static final String UNFINISHED = ".new";

    private final Path folder;

    /** Takes away what was not finished. */
    KeptFiles(Path folder) throws IOException {
        this.folder = folder;
        for (Path path : Directories.list(folder, UNFINISHED)) Files.delete(path);
        all().forEach(MailId::after);
    }

    List<MailId> all() throws IOException {
        return Directories.list(folder, "").stream()
                .map(path -> path.getFileName().toString())
                .filter(MailId::valid)
                .map(MailId::new)
                .toList();
    }

    /** Copies and forces. */
    Message keep(MailId id, Message message) throws IOException {
        Optional<Message> there = kept(id);
        if (there.isPresent()) return there.get();
        Path unfinished = folder.resolve(id + UNFINISHED);
        try (FileChannel to = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            for (long done = 0; done < message.size(); ) {
                long some = message.transferTo(done, message.size() - done, to);
                if (some <= 0) throw new IOException("mail " + id + " ends before its size");
                done += some;
            }
            to.force(false);
        }
        Files.move(unfinished, folder.resolve(id.text()), StandardCopyOption.ATOMIC_MOVE);
        Directories.force(folder);
        return kept(id).orElseThrow();
    }

    Optional<Message> kept(MailId id) throws IOException {
        Path path = folder.resolve(id.text());
        if (Files.notExists(path)) return Optional.empty();
        return Optional.of(StoredMessage.of(Slice.of(new Place(path, 0), Files.size(path))));
    }

    void drop(MailId id) throws IOException {
        Files.deleteIfExists(folder.resolve(id.text()));
    }
}
