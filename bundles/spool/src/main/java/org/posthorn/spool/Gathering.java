package org.posthorn.spool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;
import org.posthorn.api.mail.Message;
import org.posthorn.api.spool.Incoming;
import org.posthorn.mime.Octets;
import org.posthorn.mime.StoredMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A message on its way in: in a buffer of the pool as long as it fits there, else in a file. */
final class Gathering implements Incoming {

    private static final Logger log = LoggerFactory.getLogger(Gathering.class);

    private final BufferPool pool;
    private final Supplier<Path> name;
    private ByteBuffer memory;
    private LargeFile file;
    private boolean done;

    /** @param name where the file may lie that a large message needs */
    Gathering(BufferPool pool, Supplier<Path> name) {
        this.pool = pool;
        this.name = name;
        this.memory = pool.take().orElse(null);
    }

    @Override
    public synchronized void write(ByteBuffer bytes) throws IOException {
        here();
        if (file == null && (memory == null || memory.remaining() < bytes.remaining())) spill();
        if (file == null) memory.put(bytes);
        else file.write(bytes);
    }

    private void spill() throws IOException {
        file = new LargeFile(name.get());
        if (memory == null) return;
        file.write(memory.flip());
        giveBack();
    }

    @Override
    public synchronized Message message() throws IOException {
        here();
        if (file == null && memory == null) return StoredMessage.of(Octets.of(new byte[0]));
        return StoredMessage.of(file != null ? file.octets() : new InMemory(memory.position()));
    }

    /** The octets, if they are in memory; null if they are in a file. For the commit, which ends with {@link #close}. */
    synchronized ByteBuffer gathered() throws IOException {
        here();
        if (file != null) return null;
        return memory == null ? ByteBuffer.allocate(0) : memory.duplicate().flip();
    }

    /** Makes the file safe under its last name. @return its octets */
    synchronized Slice finishFile(Path path) throws IOException {
        here();
        long size = file.octets().size();
        file.finish(path);
        file = null;
        return Slice.of(new Place(path, 0), size);
    }

    @Override
    public synchronized void close() {
        if (done) return;
        done = true;
        if (memory != null) giveBack();
        if (file == null) return;
        try {
            file.discard();
        } catch (IOException e) {
            log.warn(
                    "A large message that was given up could not be deleted; it goes at the next start: {}",
                    e.toString());
        }
    }

    private void giveBack() {
        pool.give(memory);
        memory = null;
    }

    private void here() throws IOException {
        if (done) throw new IOException("the message is gone: it was committed or given up");
    }

    /** What was gathered. A reader that comes late, as a filter that was given up, must not see the next mail in the same buffer. */
    private final class InMemory implements Octets {
        private final int size;

        private InMemory(int size) {
            this.size = size;
        }

        @Override
        public long size() {
            return size;
        }

        private int copy(int position, byte[] to, int from, int count) throws IOException {
            synchronized (Gathering.this) {
                here();
                int some = Math.min(count, size - position);
                memory.get(position, to, from, some);
                return some;
            }
        }

        @Override
        public InputStream open() {
            return new InputStream() {
                private int next;

                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
                }

                @Override
                public int read(byte[] to, int from, int count) throws IOException {
                    Objects.checkFromIndexSize(from, count, to.length);
                    if (count == 0) return 0;
                    if (next >= size) return -1;
                    int some = copy(next, to, from, count);
                    next += some;
                    return some;
                }
            };
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
            if (position >= size) return 0;
            byte[] some = new byte[(int) Math.min(count, size - position)];
            copy((int) position, some, 0, some.length);
            return to.write(ByteBuffer.wrap(some));
        }
    }
}
