package org.posthorn.mime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.WritableByteChannel;
import org.posthorn.api.mail.Message;

/** Octets of a message, where they lie. */
record MessageSlice(Message message, long from, long size) implements Octets {

    @Override
    public InputStream open() throws IOException {
        InputStream in = message.open();
        try {
            in.skipNBytes(from);
        } catch (IOException e) {
            in.close();
            throw e;
        }
        return new BoundedStream(in, size);
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
        if (position >= size) return 0;
        return message.transferTo(from + position, Math.min(count, size - position), to);
    }
}
