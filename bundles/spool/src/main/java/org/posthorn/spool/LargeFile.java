package org.posthorn.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A large mail on its way into a file of its own. */
final class LargeFile {

    private final Path path;
    private final FileChannel channel;
    private long size;

    LargeFile(Path path) throws IOException {
        this.path = path;
        this.channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) size += channel.write(bytes);
    }

    Slice octets() {
        return Slice.of(new Place(path, 0), size);
    }

    /** Forces it and gives it its name, forced too. */
    void finish(Path name) throws IOException {
        channel.force(false);
        channel.close();
        Files.move(path, name, StandardCopyOption.ATOMIC_MOVE);
        Directories.force(name.getParent());
    }

    void discard() throws IOException {
        channel.close();
        Files.deleteIfExists(path);
    }
}
