package org.posthorn.spool;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;
import org.posthorn.mime.Octets;

/**
 * A part of a file. Each use opens the file for itself: a channel that several threads share is closed for all of them when one is
 * interrupted.
 */
final class Slice implements Octets {

    private static final int SMALL = 64 * 1024;

    private final Supplier<Place> place;
    private final long size;

    /** @param place asked at each use, since a mail may be carried to another segment */
    Slice(Supplier<Place> place, long size) {
        this.place = place;
        this.size = size;
    }

    /** A slice that never moves. */
    static Slice of(Place place, long size) {
        return new Slice(() -> place, size);
    }

    private record Opened(FileChannel channel, long position) {}

    private Opened channel() throws IOException {
        Place here = place.get();
        while (true) {
            try {
                return new Opened(FileChannel.open(here.path(), StandardOpenOption.READ), here.position());
            } catch (NoSuchFileException e) {
                Place now = place.get();
                if (now.equals(here)) throw e;
                here = now;
            }
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public InputStream open() throws IOException {
        Opened opened = channel();
        return new BufferedInputStream(
                new SliceStream(opened.channel(), opened.position(), size), (int) Math.min(8192, size + 1));
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
        long most = Math.min(count, size - position);
        if (most <= 0) return 0;
        Opened opened = channel();
        try (FileChannel from = opened.channel()) {
            if (most > SMALL) return from.transferTo(opened.position() + position, most, to);
            // FileChannel.transferTo maps the file, which costs more than it saves for so little.
            ByteBuffer some = ByteBuffer.allocate((int) most);
            SliceStream.readFully(from, some, opened.position() + position);
            return to.write(some.flip());
        }
    }
}
