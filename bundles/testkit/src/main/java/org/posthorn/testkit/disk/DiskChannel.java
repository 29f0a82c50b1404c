package org.posthorn.testkit.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** An open file or folder of a {@link Disk}. A force is written down and not done: no power fails here. */
final class DiskChannel extends FileChannel {

    private final Disk disk;
    private final FileChannel real;
    private final int node;
    private final boolean append;

    DiskChannel(Disk disk, FileChannel real, int node, boolean append) {
        this.disk = disk;
        this.real = real;
        this.node = node;
        this.append = append;
    }

    @Override
    public int write(ByteBuffer octets) throws IOException {
        synchronized (disk) {
            long at = append ? real.size() : real.position();
            int count = write(octets, at);
            real.position(at + count);
            return count;
        }
    }

    @Override
    public int write(ByteBuffer octets, long position) throws IOException {
        synchronized (disk) {
            if (disk.isFull() && position + octets.remaining() > real.size())
                throw new IOException("No space left on device");
            byte[] copy = new byte[octets.remaining()];
            octets.get(copy);
            ByteBuffer rest = ByteBuffer.wrap(copy);
            while (rest.hasRemaining())
                if (append) real.write(rest);
                else real.write(rest, position + rest.position());
            if (copy.length > 0) disk.wrote(node, position, copy);
            return copy.length;
        }
    }

    @Override
    public long write(ByteBuffer[] all, int first, int count) throws IOException {
        long written = 0;
        synchronized (disk) {
            for (int i = first; i < first + count; i++) written += write(all[i]);
        }
        return written;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        synchronized (disk) {
            real.position();
            disk.forced(node);
        }
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        synchronized (disk) {
            boolean shorter = size < real.size();
            real.truncate(size);
            if (shorter) disk.resized(node, size);
            return this;
        }
    }

    @Override
    public long transferFrom(ReadableByteChannel from, long position, long count) throws IOException {
        ByteBuffer some = ByteBuffer.allocate((int) Math.min(count, 8192));
        return from.read(some) <= 0 ? 0 : write(some.flip(), position);
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
        return real.transferTo(position, count, to);
    }

    @Override
    public int read(ByteBuffer octets) throws IOException {
        return real.read(octets);
    }

    @Override
    public long read(ByteBuffer[] all, int first, int count) throws IOException {
        return real.read(all, first, count);
    }

    @Override
    public int read(ByteBuffer octets, long position) throws IOException {
        return real.read(octets, position);
    }

    @Override
    public long position() throws IOException {
        return real.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
        real.position(position);
        return this;
    }

    @Override
    public long size() throws IOException {
        return real.size();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
        throw new UnsupportedOperationException("what is written to memory cannot be written down");
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
        return real.lock(position, size, shared);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return real.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        real.close();
    }
}
