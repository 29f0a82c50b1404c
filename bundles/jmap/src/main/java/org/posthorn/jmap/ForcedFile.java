package org.posthorn.jmap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Files that are there whole or not at all, and still there when the machine has died. */
final class ForcedFile {

    private ForcedFile() {}

    /** Writes one that nobody else can read, beside and then renamed; if its folder is not there, one in which nobody else can read anything. */
    static void writeForOwner(Path file, byte[] octets) throws IOException {
        Files.createDirectories(file.getParent().getParent());
        if (Files.notExists(file.getParent()))
            Files.createDirectory(
                    file.getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path beside = Files.createTempFile(
                file.getParent(),
                file.getFileName().toString(),
                ".tmp",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
                for (ByteBuffer left = ByteBuffer.wrap(octets); left.hasRemaining(); ) channel.write(left);
                channel.force(true);
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
        force(file.getParent());
        force(file.getParent().getParent());
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
