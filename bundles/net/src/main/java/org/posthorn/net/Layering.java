package org.posthorn.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.ZipException;
import javax.net.ssl.SSLException;
import org.posthorn.api.net.Tls;

/**
 * What lies between one conversation and its socket: TLS, and above it compression, so that what is sent is compressed first (RFC 4978 3). It belongs to the
 * connection's turn.
 */
final class Layering {

    /** The longest end of compression: an end of block, an empty one that ends a flush, and an empty one that is the last. */
    private static final int FLUSH = 13;

    private final Inbox inbox;
    private final Outbox outbox;
    private final TlsKeys keys;
    private volatile Tunnel tunnel;
    private Inflation inflation;
    /** How much of the client's last flush, and of the end of its stream, may still come behind the end of compression. */
    private int flush;

    private Optional<Boolean> ahead = Optional.empty();

    Layering(Inbox inbox, Outbox outbox, TlsKeys keys) {
        this.inbox = inbox;
        this.outbox = outbox;
        this.keys = keys;
    }

    /** The next octets for the conversation, empty if there are none. What is taken from the buffer is gone. */
    ByteBuffer next() throws IOException {
        if (inflation != null) return inflation.next();
        ByteBuffer in = opened();
        for (; flush > 0 && in.hasRemaining(); in = opened()) flush = passFlush(in) ? flush - 1 : 0;
        return in;
    }

    private ByteBuffer opened() throws SSLException {
        return tunnel == null ? inbox.next() : tunnel.next(inbox);
    }

    /** 00 and FF of an empty block, behind 01 of one that is the last, or 03 00 for that (RFC 1951 3.2): no line begins with these. */
    private static boolean passFlush(ByteBuffer in) {
        int first = in.get(in.position());
        boolean ofFlush = first == 0 || first == 1 || first == 3 || first == -1;
        if (ofFlush) in.position(in.position() + 1);
        return ofFlush;
    }

    /** Whether all has been taken and no more will come. */
    boolean exhausted() {
        return inbox.exhausted() || tunnel != null && tunnel.ended();
    }

    Optional<Tls> tls() {
        Tunnel now = tunnel;
        return now == null ? Optional.empty() : now.tls();
    }

    /** Whether nothing but TLS is read and sent any more. */
    boolean tlsBegun() {
        return tunnel != null;
    }

    /** Begins TLS when what was said in clear has gone. @return false when it has not yet */
    boolean beginTls() throws IOException {
        outbox.flush();
        if (outbox.hasMore()) return false;
        tunnel = new Tunnel(keys.engine().orElseThrow(() -> new SSLException("there is no certificate")));
        outbox.through(tunnel);
        return true;
    }

    /** Goes as far as what came allows. @return whether the handshake is done */
    boolean handshake() throws SSLException {
        return tunnel.handshake(inbox);
    }

    /**
     * Whether the client went on before it had the answer to COMPRESS: as it was when that had just been said. Later it may have heard the answer
     * before we hear that it has gone.
     */
    boolean ahead(boolean midLine) throws IOException {
        if (ahead.isEmpty()) ahead = Optional.of(inflation == null && (midLine || next().hasRemaining()));
        return ahead.get();
    }

    /** Compresses both ways, or ends that, when what was said before has gone. @return false when it has not yet */
    boolean recompress() throws IOException {
        if (inflation != null && inflation.holds()) throw new ZipException("compressed octets behind the end");
        outbox.flush();
        if (!outbox.empty()) return false;
        ahead = Optional.empty();
        if (inflation == null) {
            outbox.deflate();
            inflation = new Inflation(this::opened);
            flush = 0;
        } else {
            outbox.plain();
            inflation.end();
            inflation = null;
            flush = FLUSH;
        }
        return true;
    }

    /** Says that nothing follows. */
    void close() throws IOException {
        if (tunnel != null) tunnel.close();
        outbox.flush();
    }

    /** Says what is wrong with the client's TLS. @return false when it cannot be told now */
    boolean complain() throws IOException {
        if (tunnel == null) return false;
        tunnel.complain();
        outbox.flush();
        return !outbox.flying();
    }

    /** Gives the memory of the compression back. */
    void release() {
        outbox.release();
        if (inflation != null) inflation.end();
    }
}
