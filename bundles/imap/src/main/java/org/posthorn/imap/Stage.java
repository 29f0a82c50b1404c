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
import java.util.Optional;
import org.posthorn.api.mail.Message;
import org.posthorn.api.net.Sink;
import org.posthorn.mime.Octets;
import org.posthorn.mime.StoredMessage;

/** Where a message lies between the wire and its mailbox: in memory while it is small, else in a file without a name. */
final class Stage implements Sink, AutoCloseable {

    private static final int IN_MEMORY = 1 << 16;

    private final Path folder;
    private ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private Optional<FileChannel> file = Optional.empty();

    Stage(Path folder) {
        this.folder = folder;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
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
    Message message() throws IOException {
        if (file.isEmpty()) return StoredMessage.of(Octets.of(memory.toByteArray()));
        return StoredMessage.of(new Spilled(file.get(), file.get().size()));
    }

    @Override
    public void close() throws IOException {
        if (file.isPresent()) file.get().close();
    }

    private record Spilled(FileChannel file, long size) implements Octets {

        @Override
        public InputStream open() {
            return new PositionedStream(file);
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
            return file.transferTo(position, count, to);
        }
    }

    /** Reads by position, so that several can read at once. */
    private static final class PositionedStream extends InputStream {
        private final FileChannel file;
        private long at;

        PositionedStream(FileChannel file) {
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            int n = file.read(ByteBuffer.wrap(into, from, most), at);
            if (n > 0) at += n;
            return n;
        }
    }
}
