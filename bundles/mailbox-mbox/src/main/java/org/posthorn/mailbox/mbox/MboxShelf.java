package org.posthorn.mailbox.mbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Folder;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.Shelf;
import org.posthorn.api.store.Inspection;
import org.posthorn.mime.ModifiedUtf7;

/** INBOX is {@code mbox}; other folders are files in {@code mail}, all levels in one name, in modified UTF-7. */
final class MboxShelf implements Shelf {

    private static final String INBOX = "INBOX";
    private static final String LOCK = ".lock";

    private final Path home;
    private final Path folders;
    private final OpenFiles files;

    MboxShelf(Path home, OpenFiles files) throws IOException {
        this.home = home;
        this.folders = home.resolve("mail");
        this.files = files;
        if (Files.isDirectory(folders)) StagedMessage.sweep(folders);
    }

    @Override
    public List<String> names() throws IOException {
        List<String> found = new ArrayList<>();
        if (Files.isRegularFile(path(INBOX))) found.add(INBOX);
        if (!Files.isDirectory(folders)) return found;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folders)) {
            for (Path file : all)
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    name(file.getFileName().toString()).ifPresent(found::add);
        }
        return found;
    }

    @Override
    public boolean has(String name) {
        if (name.equals(INBOX)) return Files.isRegularFile(path(INBOX));
        Path file = path(name);
        boolean ours = name(file.getFileName().toString()).equals(Optional.of(name));
        return ours && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static Optional<String> name(String file) {
        if (file.startsWith(".") || file.endsWith(LOCK)) return Optional.empty();
        return ModifiedUtf7.decode(file)
                .filter(n -> !n.endsWith(".") && !n.contains("..") && !n.contains("/") && !n.equals(INBOX));
    }

    Path path(String name) {
        return name.equals(INBOX) ? home.resolve("mbox") : folders.resolve(ModifiedUtf7.encode(name));
    }

    @Override
    public Folder open(String name) throws IOException {
        Path path = path(name);
        if (!Files.isRegularFile(path)) throw new NoSuchFileException(path.toString());
        return new MboxFolder(files, files.take(path), folders);
    }

    @Override
    public void create(String name) throws IOException {
        if (name.endsWith(LOCK)) throw new MailboxFault(MailboxFault.Kind.CANNOT, "Names that end in .lock are taken");
        Files.createDirectories(folders);
        Files.createFile(path(name));
        force(path(name).getParent());
        force(home);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.delete(path(name));
        force(folders);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE);
        force(folders);
    }

    @Override
    public void inspect(String name, Function<String, Optional<Flags>> known, Inspection inspection)
            throws IOException {
        new MboxInspection(this, files, path(name), key -> known.apply(key).isPresent(), inspection).run();
    }

    static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
