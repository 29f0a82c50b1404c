package org.posthorn.intake;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.Message;
import org.posthorn.api.net.Sink;
import org.posthorn.api.spool.Incoming;
import org.posthorn.api.spool.Spool;

/**
 * A message on its way in, for as long as its client likes to take. The spool that began it is not leased meanwhile, or a swap of the spool would have to
 * wait for the slowest client while all others wait for the swap: if there is another when the message is whole, it gets a copy.
 */
final class Arriving implements Sink, AutoCloseable {

    private final Leased<Spool> spools;
    private final Spool beganBy;
    private final Incoming incoming;

    private Arriving(Leased<Spool> spools, Spool beganBy) throws IOException {
        this.spools = spools;
        this.beganBy = beganBy;
        this.incoming = beganBy.begin();
    }

    /** The caller closes it. @throws IOException when there is no spool, or no room in it */
    static Arriving begin(Leased<Spool> spools) throws IOException {
        try (Lease<Spool> spool = lease(spools)) {
            return new Arriving(spools, spool.get());
        }
    }

    private static Lease<Spool> lease(Leased<Spool> spools) throws IOException {
        return spools.lease().orElseThrow(() -> new IOException("the spool is missing"));
    }

    /** Whether there is room for a mail. @throws IOException when there is no spool, or none that is open */
    static boolean room(Leased<Spool> spools) throws IOException {
        try (Lease<Spool> spool = lease(spools)) {
            return spool.get().room();
        }
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        incoming.write(bytes);
    }

    /** What has come. Lasts until this is committed or closed. */
    Message message() throws IOException {
        return incoming.message();
    }

    /** As {@link Spool#commit}. */
    Mail commit(Mail draft) throws IOException {
        try (Lease<Spool> spool = lease(spools)) {
            if (spool.get() == beganBy) return spool.get().commit(incoming, draft);
            try (Incoming copy = spool.get().begin()) {
                copyTo(copy);
                return spool.get().commit(copy, draft);
            }
        }
    }

    private void copyTo(Incoming copy) throws IOException {
        Message whole = incoming.message();
        WritableByteChannel channel = Channels.newChannel(new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] octets, int from, int count) throws IOException {
                copy.write(ByteBuffer.wrap(octets, from, count));
            }
        });
        for (long at = 0; at < whole.size(); ) at += whole.transferTo(at, whole.size() - at, channel);
    }

    @Override
    public void close() {
        incoming.close();
    }
}
