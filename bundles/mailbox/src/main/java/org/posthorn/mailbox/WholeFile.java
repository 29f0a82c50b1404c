package org.posthorn.mailbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A small file that is written anew as a whole: behind a crash it is what it was, or what it was to be. */
final class WholeFile {

    private WholeFile() {}

    /** Writes it, forced. @param text characters stand for octets */
    static void write(Path path, String text) throws IOException {
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        try {
            fill(fresh, text);
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            discard(fresh, e);
            throw e;
        }
        IndexFile.forceDirectory(path.getParent());
    }

    private static void fill(Path fresh, String text) throws IOException {
        try (FileChannel out = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
            while (bytes.hasRemaining()) out.write(bytes);
            out.force(true);
        }
    }

    /** Half a file on a full disk serves nobody. */
    private static void discard(Path fresh, IOException why) {
        try {
            if (Files.isRegularFile(fresh)) Files.delete(fresh);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    /** All of it; characters stand for octets. */
    static String read(Path path) throws IOException {
        return new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
    }
}
