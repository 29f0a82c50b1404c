package org.posthorn.mailbox.mbox;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.posthorn.mime.Octets;

/**
 * The bytes of a message in an mbox, without the file's own fields. Found again before each read, for messages move when others go. Those of a little one are
 * kept as long as there is memory: who asks for a message goes on to read it, and it may go meanwhile.
 */
final class MboxOctets implements Octets {

    private static final int BLOCK = 64 * 1024;
    private static final int LITTLE = 32 * 1024;

    private final OpenFiles files;
    private final Path path;
    private final String key;
    private final long size;
    private final Reference<Octets> kept;

    /** @param kept all of it, or null */
    private MboxOctets(OpenFiles files, Path path, String key, long size, Octets kept) {
        this.files = files;
        this.path = path;
        this.key = key;
        this.size = size;
        this.kept = new SoftReference<>(kept);
    }

    /** Those of that message, with the file locked for reading. */
    static MboxOctets of(OpenFiles files, Mbox mbox, Part part) throws IOException {
        long size = part.raw();
        Octets all = size > LITTLE
                ? null
                : Octets.of(block(mbox, part, 0, (int) size).array());
        return new MboxOctets(files, mbox.path(), part.key(), size, all);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public InputStream open() throws IOException {
        Octets all = kept.get();
        return all == null ? openFile() : all.open();
    }

    private InputStream openFile() {
        return new InputStream() {
            private long at;
            private ByteBuffer block = ByteBuffer.allocate(0);

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
                if (!block.hasRemaining()) {
                    if (at >= size) return -1;
                    block = block(at, BLOCK);
                    at += block.remaining();
                }
                int n = Math.min(length, block.remaining());
                block.get(to, offset, n);
                return n;
            }
        };
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
        Octets all = kept.get();
        if (all != null) return all.transferTo(position, count, to);
        return position >= size ? 0 : to.write(block(position, (int) Math.min(BLOCK, count)));
    }

    private ByteBuffer block(long position, int most) throws IOException {
        Mbox mbox = files.take(path);
        try {
            return mbox.reading(m -> {
                int place = m.place(key);
                if (place < 0) throw new NoSuchFileException(path.toString(), null, "the message is gone");
                return block(m, m.parts().get(place), position, (int) Math.min(most, size - position));
            });
        } finally {
            files.release(mbox);
        }
    }

    /** Reads around the holes. */
    private static ByteBuffer block(Mbox mbox, Part part, long position, int length) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(length);
        long at = part.content();
        long skip = position;
        for (int i = 0; i <= part.holes().length && block.hasRemaining(); i += 2) {
            boolean more = i < part.holes().length;
            long end = more ? part.holes()[i] : part.contentEnd();
            long from = at + Math.min(skip, end - at);
            skip -= from - at;
            int n = (int) Math.min(block.remaining(), end - from);
            if (n > 0) block.put(mbox.bytes(from, n));
            if (more) at = part.holes()[i + 1];
        }
        // What the message lacks at its end.
        while (block.hasRemaining()) block.put((byte) '\n');
        return block.flip();
    }
}
