package org.posthorn.mime;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Octets that count how much of them is asked for. */
final class Watched implements Octets {

    private final byte[] bytes;
    long read;

    Watched(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public InputStream open() {
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
        read += count;
        return to.write(ByteBuffer.wrap(bytes, (int) position, (int) count));
    }
}
