package org.posthorn.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The folders of the spool. */
record Directories(Path root, Path journal, Path large, Path deferred, Path damaged) {

    private static final String FORMAT = "posthorn spool 1\n";

    /** Makes those that are not there. @throws IOException when they cannot be made or hold a format of another version */
    static Directories in(Path root) throws IOException {
        Directories all = new Directories(
                root,
                root.resolve("journal"),
                root.resolve("large"),
                root.resolve("deferred"),
                root.resolve("damaged"));
        boolean fresh = Files.notExists(root);
        for (Path folder : List.of(all.journal, all.large, all.deferred, all.damaged)) Files.createDirectories(folder);
        if (fresh) force(root.toAbsolutePath().getParent());
        Path format = root.resolve("format");
        if (Files.notExists(format) || Files.size(format) == 0) begin(format);
        String found = Files.readString(format);
        if (!found.equals(FORMAT))
            throw new IOException(
                    root + " holds a spool of another format (" + found.strip() + ", this is " + FORMAT.strip() + ")");
        return all;
    }

    /** It gets its name when it is safe: half a format would keep the spool from being opened. */
    private static void begin(Path format) throws IOException {
        Path unfinished = format.resolveSibling("format.new");
        try (FileChannel channel = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            ByteBuffer octets = ByteBuffer.wrap(FORMAT.getBytes(StandardCharsets.US_ASCII));
            while (octets.hasRemaining()) channel.write(octets);
            channel.force(true);
        }
        Files.move(unfinished, format, StandardCopyOption.ATOMIC_MOVE);
        force(format.getParent());
    }

    /** What lies in a folder and ends so, sorted by name. */
    static List<Path> list(Path folder, String ending) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
            for (Path path : paths) if (path.getFileName().toString().endsWith(ending)) found.add(path);
        }
        Collections.sort(found);
        return found;
    }

    /** Makes names in a folder outlive the machine. */
    static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
