package org.posthorn.launcher;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Makes the directories of an instance at its first start. */
final class Folders {
    /** Version of the layout below the data directory, so that a later Posthorn knows what it finds. */
    private static final String FORMAT = "posthorn data 1\n";

    private Folders() {}

    static void prepare(Site site) throws Failure {
        try {
            ownData(site);
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.CANNOT_CREATE, "the data directory " + site.data() + " cannot be written: " + why(e), e);
        }
        try {
            fillConfig(site.home().resolve("config"), site.config());
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.CONFIG, "the configuration directory " + site.config() + " cannot be used: " + why(e), e);
        }
    }

    private static void ownData(Site site) throws IOException, Failure {
        boolean empty = isEmpty(site.data());
        Files.createDirectories(site.data());
        // Mail is read by its owner alone.
        if (Files.getFileStore(site.data()).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(site.data(), PosixFilePermissions.fromString("rwx------"));
        }
        Path format = site.data().resolve("format");
        if (!Files.exists(format)) {
            if (!empty) {
                throw new Failure(
                        ExitCode.CANNOT_CREATE,
                        "the data directory " + site.data() + " holds other files than Posthorn's: name an empty one");
            }
            Files.writeString(format, FORMAT);
        } else if (!Files.readString(format).equals(FORMAT)) {
            throw new Failure(
                    ExitCode.CANNOT_CREATE, "the data in " + site.data() + " was written by another Posthorn");
        }
        for (String name : List.of("run", "logs", "cache")) {
            Files.createDirectories(site.data().resolve(name));
        }
        if (!Files.isWritable(site.run())) {
            throw new FileSystemException(site.run().toString(), null, "not writable");
        }
    }

    /** Copies the shipped files into a configuration directory that is missing or empty. */
    static void fillConfig(Path shipped, Path config) throws IOException {
        if (!isEmpty(config)) {
            return;
        }
        Files.createDirectories(config);
        try (Stream<Path> files = Files.list(shipped)) {
            for (Path file : files.toList()) {
                Files.copy(file, config.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        try (Stream<Path> files = Files.list(directory)) {
            // The root of a file system of its own is as good as empty.
            return files.allMatch(file -> file.endsWith("lost+found"));
        }
    }

    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** A file that only its owner reads, complete or not there at all. */
    static void writePrivately(Path file, String text) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(draft, text);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The reason in words: the message of a FileSystemException is often just the path. */
    static String why(IOException e) {
        String kind =
                switch (e.getClass().getSimpleName()) {
                    case "AccessDeniedException" -> "permission denied";
                    case "NotDirectoryException", "FileAlreadyExistsException" -> "it is not a directory";
                    case "NoSuchFileException" -> "it does not exist";
                    default -> "";
                };
        return kind.isEmpty() ? e.getMessage() : kind + " (" + e.getMessage() + ")";
    }
}
