package org.posthorn.mailbox;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file of index records: a line that names the format and its version, then records, appended one behind the other. */
final class IndexFile implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(IndexFile.class);
    private static final byte[] MAGIC = "posthorn index 1\n".getBytes(StandardCharsets.US_ASCII);
    /** More than the name of the format and a head take. */
    private static final int HEAD = 128;

    private static final int BLOCK = 4 * IndexCodec.LONGEST;

    private static final int LEAST_ROOM = 2048;
    private static final int MOST_ROOM = 256 * 1024;

    private final Path path;
    private final IndexCodec codec = new IndexCodec();
    private final GroupForce group = new GroupForce(() -> channel().force(false));
    private volatile FileChannel channel;
    private long length;
    private long room;

    private IndexFile(Path path) {
        this.path = path;
    }

    /** What reading it came to. */
    record Opened(IndexFile file, boolean whole) {}

    /** Opens it and hands its records on, up to the first that is damaged; what follows that one is cut off. */
    static Opened open(Path path, Consumer<IndexRecord> records) throws IOException {
        IndexFile file = new IndexFile(path);
        file.channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            boolean whole = file.whole(records);
            if (!whole) file.channel.truncate(file.length);
            file.room = file.channel.size();
            return new Opened(file, whole);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            file.close();
            throw e;
        }
    }

    /** Hands its records on and leaves it as it is, damaged or not; nothing can be written to it. */
    static Opened look(Path path, Consumer<IndexRecord> records) throws IOException {
        IndexFile file = new IndexFile(path);
        try (FileChannel open = FileChannel.open(path, StandardOpenOption.READ)) {
            file.channel = open;
            return new Opened(file, file.whole(records));
        }
    }

    /** The UIDVALIDITY in its head, without a look at the rest; 0 when there is none. */
    static long uidValidity(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            ByteBuffer begin = ByteBuffer.wrap(in.readNBytes(HEAD));
            return magic(begin) && IndexCodec.read(begin) instanceof IndexRecord.Head head ? head.uidValidity() : 0;
        } catch (NoSuchFileException gone) {
            return 0;
        }
    }

    private boolean whole(Consumer<IndexRecord> records) throws IOException {
        long size = channel.size();
        IndexRecord[] last = new IndexRecord[1];
        length = read(record -> records.accept(last[0] = record));
        // What was not closed has room behind it; without it something was cut off, be it between two records.
        boolean ends = size > length || last[0] instanceof IndexRecord.Closed;
        return length > 0 && ends && nothingBehind(size);
    }

    private long read(Consumer<IndexRecord> records) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BLOCK, channel.size() + 1));
        long at = 0;
        boolean begun = false;
        while (channel.read(buffer) >= 0 || buffer.position() > 0) {
            buffer.flip();
            int before = buffer.remaining();
            if (!begun && !magic(buffer)) return 0;
            begun = true;
            for (IndexRecord record; (record = IndexCodec.read(buffer)) != null; ) records.accept(record);
            at += before - buffer.remaining();
            if (before == buffer.remaining()) return at;
            buffer.compact();
        }
        return at;
    }

    /** Whether there is only room for more behind the last record. */
    private boolean nothingBehind(long size) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BLOCK, size - length));
        for (long at = length; at < size; at += buffer.position()) {
            if (channel.read(buffer.clear(), at) <= 0) return false;
            for (int i = 0; i < buffer.position(); i++) if (buffer.get(i) != 0) return false;
        }
        return true;
    }

    private static boolean magic(ByteBuffer buffer) {
        byte[] begin = new byte[MAGIC.length];
        if (buffer.remaining() < begin.length) return false;
        buffer.get(begin);
        return java.util.Arrays.equals(begin, MAGIC);
    }

    long length() {
        return length;
    }

    /** Appends records, unforced. @return the mark to force up to */
    long append(Iterable<? extends IndexRecord> records) throws IOException {
        if (length == 0) write(ByteBuffer.wrap(MAGIC));
        for (IndexRecord record : records) {
            codec.write(record);
            if (codec.waiting() > BLOCK / 2) write(codec.take());
        }
        write(codec.take());
        return group.written();
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) length += channel.write(bytes, length);
        if (length > room) makeRoom();
    }

    /** Zeros for later records: forcing a file that need not grow costs half as much. */
    private void makeRoom() throws IOException {
        int more = (int) Math.max(LEAST_ROOM, Math.min(MOST_ROOM, length / 4));
        ByteBuffer zeros = ByteBuffer.allocate(more);
        room = length;
        try {
            while (zeros.hasRemaining()) room += channel.write(zeros, room);
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            // Where the disk has no room for later records, those that are written stand nevertheless.
            LOG.debug("No room ahead in {}: {}", path, e.toString());
        }
    }

    /** Comes back when everything up to the mark is on disk. */
    void force(long mark) throws IOException {
        group.await(mark);
    }

    /** Whether everything up to the mark is on disk. */
    boolean forced(long mark) {
        return group.forced(mark);
    }

    /** Puts those records, forced, in the place of all there are. If that fails it is the file that it was, and no force of it counts. */
    void replace(Stream<IndexRecord> records) throws IOException {
        group.anew(() -> {
            Path name = path.resolveSibling(path.getFileName() + ".new");
            Files.deleteIfExists(name);
            IndexFile fresh = new IndexFile(name);
            fresh.channel = FileChannel.open(name, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try {
                fresh.append(records::iterator);
                fresh.channel.force(true);
                Files.move(name, path, StandardCopyOption.ATOMIC_MOVE);
                forceDirectory(path.getParent());
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                fresh.close();
                throw e;
            }
            become(fresh);
        });
    }

    private void become(IndexFile fresh) throws IOException {
        FileChannel before = channel;
        channel = fresh.channel;
        length = fresh.length;
        room = fresh.room;
        before.close();
    }

    static void forceDirectory(Path directory) throws IOException {
        try (FileChannel open = FileChannel.open(directory, StandardOpenOption.READ)) {
            open.force(true);
        }
    }

    private FileChannel channel() {
        return channel;
    }

    /** Forces what was written and closes it: who still waits for a force has it. */
    void finish() throws IOException {
        group.last(() -> {
            channel.truncate(length);
            channel.force(false);
            channel.close();
        });
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
