package org.posthorn.mime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.posthorn.api.mail.Message;

/** Bytes at rest: a file, a slice of one, an array. Safe for several threads. */
public interface Octets {

    long size();

    /** A stream from the start; the caller closes it. */
    InputStream open() throws IOException;

    /** As {@link java.nio.channels.FileChannel#transferTo}. */
    long transferTo(long position, long count, WritableByteChannel to) throws IOException;

    /** So many octets of a message, from there. */
    static Octets of(Message message, long from, long size) {
        return new MessageSlice(message, from, size);
    }

    /** Bytes in memory, which nobody may change from now on. */
    static Octets of(byte[] bytes) {
        return new Octets() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public InputStream open() {
                return new java.io.ByteArrayInputStream(bytes);
            }

            @Override
            public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
                if (position >= bytes.length) return 0;
                return to.write(ByteBuffer.wrap(bytes, (int) position, (int) Math.min(count, bytes.length - position)));
            }
        };
    }
}
