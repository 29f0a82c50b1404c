package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Folder;
import org.posthorn.api.mailbox.Shelf;
import org.posthorn.api.mailbox.UidCount;
import org.posthorn.api.store.Inspection;
import org.posthorn.mime.ModifiedUtf7;

/** A Maildir++: INBOX is the Maildir itself, other folders are Maildirs in it whose names begin with a dot, in modified UTF-7. */
final class MaildirShelf implements Shelf {

    private static final String INBOX = "INBOX";
    // An empty level is no name of a mailbox, so nobody sees these.
    private static final String DELETED = "..deleted-";

    private final Path root;
    private final UniqueName names;
    private final OddFiles oddFiles;
    private final OpenFiles openFiles;

    MaildirShelf(Path root, UniqueName names, OddFiles oddFiles, OpenFiles openFiles) throws IOException {
        this.root = root;
        this.names = names;
        this.oddFiles = oddFiles;
        this.openFiles = openFiles;
        if (Files.isDirectory(root)) sweep();
    }

    /** Finishes what a crash interrupted. */
    private void sweep() throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(root, DELETED + "*")) {
            for (Path directory : left) deleteTree(directory);
        }
    }

    @Override
    public List<String> names() throws IOException {
        List<String> found = new ArrayList<>();
        if (Files.isDirectory(root.resolve("cur"))) found.add(INBOX);
        if (!Files.isDirectory(root)) return found;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(root, ".?*")) {
            for (Path directory : all)
                if (Files.isDirectory(directory.resolve("cur"), LinkOption.NOFOLLOW_LINKS))
                    name(directory.getFileName().toString()).ifPresent(found::add);
        }
        return found;
    }

    @Override
    public boolean has(String name) {
        if (name.equals(INBOX)) return Files.isDirectory(root.resolve("cur"));
        Path directory = directory(name);
        boolean ours =
                !name.isEmpty() && name(directory.getFileName().toString()).equals(Optional.of(name));
        return ours && Files.isDirectory(directory.resolve("cur"), LinkOption.NOFOLLOW_LINKS);
    }

    /** Empty for what we would not write so ourselves. */
    private static Optional<String> name(String file) {
        return ModifiedUtf7.decode(file.substring(1))
                .filter(MaildirShelf::wellFormed)
                .filter(n -> !n.equals(INBOX));
    }

    /** Whether its levels could be those of a mailbox. */
    static boolean wellFormed(String name) {
        boolean levels = !name.isEmpty() && !name.startsWith(".") && !name.endsWith(".") && !name.contains("..");
        return levels && !name.contains("/");
    }

    private Path directory(String name) {
        return name.equals(INBOX) ? root : root.resolve("." + ModifiedUtf7.encode(name));
    }

    @Override
    public Folder open(String name) throws IOException {
        Path directory = directory(name);
        if (!Files.isDirectory(directory.resolve("cur"))) throw new NoSuchFileException(directory.toString());
        return new Maildir(directory, names, oddFiles, openFiles);
    }

    @Override
    public void create(String name) throws IOException {
        Path directory = directory(name);
        // Where that leads nobody has allowed us to write.
        if (!name.equals(INBOX) && Files.isSymbolicLink(directory))
            throw new FileAlreadyExistsException(directory + " is a link");
        Files.createDirectories(directory);
        if (!name.equals(INBOX) && !Files.exists(directory.resolve("maildirfolder")))
            Files.createFile(directory.resolve("maildirfolder"));
        Files.createDirectories(directory.resolve("tmp"));
        Files.createDirectories(directory.resolve("new"));
        // Last, for it makes the Maildir one.
        Files.createDirectories(directory.resolve("cur"));
        forgetCounter();
        force(directory);
        force(directory.getParent());
    }

    /**
     * Dovecot gives a new mailbox the next UIDVALIDITY of a counter, which knows nothing of those that we give by the clock and would stay below them;
     * without one it begins at the time.
     */
    private void forgetCounter() throws IOException {
        Path counter = root.resolve("dovecot-uidvalidity");
        if (!Files.exists(counter)) return;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(root, counter.getFileName() + "*")) {
            for (Path each : all) Files.deleteIfExists(each);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        Path gone = root.resolve(DELETED + names.next(0));
        Files.move(directory(name), gone, StandardCopyOption.ATOMIC_MOVE);
        force(root);
        deleteTree(gone);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(directory(from), directory(to), StandardCopyOption.ATOMIC_MOVE);
        force(root);
    }

    @Override
    public Optional<UidCount> counted(String name) throws IOException {
        return new UidList(directory(name)).count();
    }

    @Override
    public void count(String name, UidCount count) throws IOException {
        new UidList(directory(name)).count(count);
    }

    @Override
    public void inspect(String name, Function<String, Optional<Flags>> known, Inspection inspection)
            throws IOException {
        new MaildirInspection(directory(name), names, known, inspection).run();
    }

    static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Another one may be at it. */
    private static void deleteTree(Path top) throws IOException {
        Files.walkFileTree(top, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException broken) throws IOException {
                if (broken instanceof NoSuchFileException) return FileVisitResult.CONTINUE;
                throw broken;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException broken) throws IOException {
                if (broken != null && !(broken instanceof NoSuchFileException)) throw broken;
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
