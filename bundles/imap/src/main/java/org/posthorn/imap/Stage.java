package org.posthorn.imap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.Message;
import org.posthorn.api.net.Sink;
import org.posthorn.mime.Octets;
import org.posthorn.mime.StoredMessage;

/** Where the messages of a command lie between the wire and their mailbox: in memory while they are small, else in a file without a name. */
final class Stage implements Sink, AutoCloseable {

    private static final int IN_MEMORY = 1 << 16;

    private final Path folder;
    private final List<Long> starts = new ArrayList<>();
    private ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private Optional<FileChannel> file = Optional.empty();
    private long size;

    Stage(Path folder) {
        this.folder = folder;
    }

    /** What comes now is another message. */
    void next() {
        starts.add(size);
    }

    int messages() {
        return starts.size();
    }

    /** All of them together, in octets. */
    long size() {
        return size;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        size += bytes.remaining();
        if (file.isEmpty() && memory.size() + bytes.remaining() > IN_MEMORY) spill();
        if (file.isPresent()) while (bytes.hasRemaining()) file.get().write(bytes);
        else {
            byte[] chunk = new byte[bytes.remaining()];
            bytes.get(chunk);
            memory.write(chunk);
        }
    }

    private void spill() throws IOException {
        Files.createDirectories(folder);
        Path path = Files.createTempFile(folder, "imap-", ".append");
        file = Optional.of(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
        // From here on it is gone when the channel is, however this process ends.
        Files.delete(path);
        ByteBuffer held = ByteBuffer.wrap(memory.toByteArray());
        memory = new ByteArrayOutputStream(0);
        while (held.hasRemaining()) file.get().write(held);
    }

    /** What has been written; not to be used beyond {@link #close}. */
    List<Message> written() {
        byte[] held = memory.toByteArray();
        List<Message> all = new ArrayList<>(starts.size());
        for (int i = 0; i < starts.size(); i++) {
            long from = starts.get(i);
            long to = i + 1 < starts.size() ? starts.get(i + 1) : size;
            all.add(StoredMessage.of(
                    file.isPresent()
                            ? new Spilled(file.get(), from, to - from)
                            : Octets.of(Arrays.copyOfRange(held, (int) from, (int) to))));
        }
        return all;
    }

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
