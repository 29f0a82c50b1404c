package org.posthorn.delivery.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;
import org.posthorn.api.mail.Message;
import org.posthorn.mime.Octets;

/**
 * A mail under delivery: its header is looked at and then all of it copied, so a small one is read as a whole once. Behind the delivery it is where it lay
 * before, since who forces it later may ask for it again. Safe for several threads.
 */
final class ReadOnce implements Octets, AutoCloseable {

    /** In octets. */
    private static final int SMALL = 64 * 1024;

    private final Message stored;
    private volatile Optional<Octets> near = Optional.empty();

    ReadOnce(Message stored) throws IOException {
        this.stored = stored;
        if (stored.size() > SMALL) return;
        try (InputStream in = stored.open()) {
            Octets read = Octets.of(in.readAllBytes());
            if (read.size() != stored.size()) throw new IOException("the mail has not the length that it should have");
            near = Optional.of(read);
        }
    }

    @Override
    public long size() {
        return stored.size();
    }

    @Override
    public InputStream open() throws IOException {
        Optional<Octets> now = near;
        return now.isPresent() ? now.get().open() : stored.open();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
        Optional<Octets> now = near;
        return now.isPresent() ? now.get().transferTo(position, count, to) : stored.transferTo(position, count, to);
    }

    /** Gives the memory back. */
    @Override
    public void close() {
        near = Optional.empty();
    }
}
