package org.posthorn.mime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/** Octets that are taken in before they are read: in memory while they are few, else in a file without a name. Written by one thread; then read by any. */
public final class Stash extends OutputStream {

    private static final int IN_MEMORY = 1 << 16;

    private final Path folder;
    private final String kind;
    private ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private Optional<FileChannel> file = Optional.empty();
    private long size;

    /**
     * An empty one.
     *
     * @param folder made when it is needed
     * @param kind what the file is called by, for the moment in which it has a name
     */
    public Stash(Path folder, String kind) {
        this.folder = folder;
        this.kind = kind;
    }

    /** How many octets there are. */
    public long size() {
        return size;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int from, int length) throws IOException {
        write(ByteBuffer.wrap(octets, from, length));
    }

    /** Takes all of them. */
    public void write(ByteBuffer octets) throws IOException {
        size += octets.remaining();
        if (file.isEmpty() && memory.size() + octets.remaining() > IN_MEMORY) spill();
        if (file.isPresent()) while (octets.hasRemaining()) file.get().write(octets);
        else {
            byte[] chunk = new byte[octets.remaining()];
            octets.get(chunk);
            memory.write(chunk);
        }
    }

    private void spill() throws IOException {
        Files.createDirectories(folder);
        Path path = Files.createTempFile(folder, kind, ".part");
        file = Optional.of(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
        // From here on it is gone when the channel is, however this process ends.
        Files.delete(path);
        ByteBuffer held = ByteBuffer.wrap(memory.toByteArray());
        memory = new ByteArrayOutputStream(0);
        while (held.hasRemaining()) file.get().write(held);
    }

    /** Those from one place to another; not to be used beyond {@link #close}. */
    public Octets octets(long from, long to) {
        if (file.isPresent()) return new Spilled(file.get(), from, to - from);
        return Octets.of(Arrays.copyOfRange(memory.toByteArray(), (int) from, (int) to));
    }

    /** They are gone. */
    @Override
    public void close() throws IOException {
        if (file.isPresent()) file.get().close();
    }

    private record Spilled(FileChannel file, long from, long size) implements Octets {

        @Override
        public InputStream open() {
            return new PositionedStream(file, from, from + size);
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
            if (position >= size) return 0;
            return file.transferTo(from + position, Math.min(count, size - position), to);
        }
    }

    /** Reads by position, so that several can read at once. */
    private static final class PositionedStream extends InputStream {
        private final FileChannel file;
        private final long end;
        private long at;

        PositionedStream(FileChannel file, long from, long end) {
            this.file = file;
            this.at = from;
            this.end = end;
        }

        @Override
        public long skip(long octets) {
            long skipped = Math.max(0, Math.min(octets, end - at));
            at += skipped;
            return skipped;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            if (at >= end) return -1;
            int n = file.read(ByteBuffer.wrap(into, from, (int) Math.min(most, end - at)), at);
            if (n > 0) at += n;
            return n;
        }
    }
}
