package org.posthorn.net;

import java.util.Optional;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.filterchain.IoFilterChain;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.core.write.DefaultWriteRequest;
import org.apache.mina.filter.ssl.DisableEncryptWriteRequest;
import org.apache.mina.filter.ssl.SslFilter;
import org.posthorn.api.net.Tls;

/** Puts TLS under a connection, and takes it off at its end. */
final class TlsSwitch {

    private static final String FILTER = "ssl";
    /** One TLS record and a little: MINA opens all that it reads before it looks up, in a buffer of 16 KiB each. */
    private static final int READ_AT_ONCE = 16 * 1024;

    private final IoSession session;
    private final TlsKeys keys;
    private volatile boolean begun;
    private volatile Tls tls;

    /** What still goes out in clear when the filter is there already. */
    private static final class InClear extends DefaultWriteRequest implements DisableEncryptWriteRequest {
        InClear(IoBuffer octets) {
            super(octets);
        }
    }

    TlsSwitch(IoSession session, TlsKeys keys) {
        this.session = session;
        this.keys = keys;
    }

    /** The handshake was begun, or is done. */
    boolean begun() {
        return begun;
    }

    /** What is sent is encrypted. */
    boolean on() {
        return tls != null;
    }

    Optional<Tls> tls() {
        return Optional.ofNullable(tls);
    }

    /** From the first octet. */
    void implicit() {
        addFilter();
    }

    /** After these octets; the filter must be there before the client can answer them. */
    void begin(byte[] lastInClear) {
        if (!addFilter()) return;
        session.getFilterChain()
                .getEntry(FILTER)
                .getNextFilter()
                .filterWrite(session, new InClear(IoBuffer.wrap(lastInClear)));
    }

    private boolean addFilter() {
        begun = true;
        Optional<SslFilter> filter = keys.filter();
        if (filter.isEmpty()) {
            session.closeNow();
            return false;
        }
        session.getConfig().setMinReadBufferSize(512);
        session.getConfig().setReadBufferSize(2048);
        session.getConfig().setMaxReadBufferSize(READ_AT_ONCE);
        session.getFilterChain().addFirst(FILTER, filter.get());
        return true;
    }

    void secured(Tls session) {
        tls = session;
    }

    /** Says that TLS ends; without it a client must think that somebody cut the line (RFC 8446 6.1). */
    void closeNotify() {
        IoFilterChain chain = session.getFilterChain();
        if (on() && chain.contains(FILTER)) chain.remove(FILTER);
    }
}
