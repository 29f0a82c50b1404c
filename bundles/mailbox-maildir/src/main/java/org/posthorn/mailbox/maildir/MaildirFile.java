package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import org.posthorn.api.mailbox.Filed;
import org.posthorn.mime.Octets;

/**
 * The bytes of a message's file, found again when a change of flags has renamed it. Those of a little one are kept as long as there is memory: who asks for a
 * message goes on to read it, and opening the file again costs more than that.
 */
final class MaildirFile implements Octets {

    private static final int LITTLE = 32 * 1024;

    private final Places places;
    private final OpenFiles openFiles;
    private final Filed filed;
    private final long size;
    private final Reference<Octets> kept;

    /** @param kept all of it, or null */
    private MaildirFile(Places places, OpenFiles openFiles, Filed filed, long size, Octets kept) {
        this.places = places;
        this.openFiles = openFiles;
        this.filed = filed;
        this.size = size;
        this.kept = new SoftReference<>(kept);
    }

    /** The file of that message; empty when there is none. */
    static Optional<MaildirFile> of(Places places, OpenFiles openFiles, Filed filed) throws IOException {
        return places.with(filed, path -> {
            try (FileChannel in = FileChannel.open(path, StandardOpenOption.READ)) {
                long size = in.size();
                if (size > LITTLE) return new MaildirFile(places, openFiles, filed, size, null);
                Octets all = all(in, (int) size);
                return new MaildirFile(places, openFiles, filed, all.size(), all);
            }
        });
    }

    private static Octets all(FileChannel in, int size) throws IOException {
        ByteBuffer octets = ByteBuffer.allocate(size);
        int n = 0;
        while (octets.hasRemaining() && n >= 0) n = in.read(octets);
        // Shorter when another program has cut it off meanwhile.
        return Octets.of(octets.hasRemaining() ? Arrays.copyOf(octets.array(), octets.position()) : octets.array());
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public InputStream open() throws IOException {
        Octets all = kept.get();
        return all == null ? with(Files::newInputStream) : all.open();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
        Octets all = kept.get();
        return all == null ? transferFile(position, count, to) : all.transferTo(position, count, to);
    }

    private long transferFile(long position, long count, WritableByteChannel to) throws IOException {
        Optional<FileChannel> resting = openFiles.take(this);
        FileChannel in =
                resting.isPresent() ? resting.get() : with(path -> FileChannel.open(path, StandardOpenOption.READ));
        boolean more = false;
        try {
            long transferred = transfer(in, position, count, to);
            more = position + transferred < size;
            return transferred;
        } finally {
            if (more) openFiles.give(this, in);
            else in.close();
        }
    }

    /** What is little is read at once: a channel asks the system for the size of the file each time, and reads in pieces. */
    private static long transfer(FileChannel in, long position, long count, WritableByteChannel to) throws IOException {
        if (count > LITTLE) return in.transferTo(position, count, to);
        ByteBuffer octets = ByteBuffer.allocate((int) count);
        return in.read(octets, position) <= 0 ? 0 : to.write(octets.flip());
    }

    /** Makes that the name of the same file. */
    void link(Path name) throws IOException {
        with(path -> Files.createLink(name, path));
    }

    private <T> T with(Places.Deed<T> deed) throws IOException {
        return places.with(filed, deed)
                .orElseThrow(() -> new NoSuchFileException(filed.key(), null, "message is gone"));
    }
}
