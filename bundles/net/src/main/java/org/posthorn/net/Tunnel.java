package org.posthorn.net;

import java.nio.ByteBuffer;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.posthorn.api.net.Tls;

/**
 * TLS under one connection. It belongs to the connection's turn, so one thread at a time opens and seals, and all that is sealed leaves through one buffer
 * in the order in which it was sealed: each record's key depends on its place (RFC 8446 5.3).
 */
final class Tunnel {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    /** Records without content hide the length of the talk; more in a row than this hide an attack. */
    private static final int MOST_EMPTY_RECORDS = 32;
    /** A client that asks for new keys and does not take them. */
    private static final int MOST_UNASKED = 64 * 1024;

    private final SSLEngine engine;
    private final Records records = new Records();
    private ByteBuffer opened = NOTHING;
    private ByteBuffer sealed = NOTHING;
    private boolean ended;
    private volatile Tls tls;

    Tunnel(SSLEngine engine) throws SSLException {
        this.engine = engine;
        engine.beginHandshake();
    }

    /** What was agreed on; empty before the handshake is done. */
    Optional<Tls> tls() {
        return Optional.ofNullable(tls);
    }

    boolean secured() {
        return tls != null;
    }

    /** The client has said that it sends no more. */
    boolean ended() {
        return ended && !opened.hasRemaining();
    }

    /** Goes as far as what came allows. @return whether the handshake is done */
    boolean handshake(Inbox inbox) throws SSLException {
        for (HandshakeStatus next = status(); next != HandshakeStatus.NOT_HANDSHAKING; next = status()) {
            switch (next) {
                case NEED_TASK -> engine.getDelegatedTask().run();
                case NEED_WRAP -> seal(NOTHING);
                default -> {
                    if (!open(inbox)) return false;
                }
            }
        }
        if (ended) throw new SSLException("the client left during the handshake");
        SSLSession session = engine.getSession();
        tls = new Tls(session.getProtocol(), session.getCipherSuite(), peer(session));
        return true;
    }

    private HandshakeStatus status() {
        return engine.getHandshakeStatus();
    }

    private static List<Certificate> peer(SSLSession session) {
        try {
            return List.of(session.getPeerCertificates());
        } catch (SSLPeerUnverifiedException none) {
            return List.of();
        }
    }

    /** The next octets, empty if there are none. What is taken from the buffer is gone. */
    ByteBuffer next(Inbox inbox) throws SSLException {
        for (int empty = 0; !opened.hasRemaining() && !ended && open(inbox); empty++) {
            if (empty == MOST_EMPTY_RECORDS) throw new SSLException("too many records without content");
            follow();
        }
        if (opened.hasRemaining()) return opened;
        opened = NOTHING;
        return NOTHING;
    }

    /** New keys are agreed to (RFC 8446 4.6.3), another handshake is not: in TLS 1.2 it costs us more than the client. */
    private void follow() throws SSLException {
        while (status() == HandshakeStatus.NEED_WRAP && !ended) seal(NOTHING);
        if (status() == HandshakeStatus.NEED_TASK) throw new SSLException("the client wants to shake hands again");
        if (sealed.position() > MOST_UNASKED) throw new SSLException("the client asks for more than it takes");
    }

    /** Opens one record. @return false if there is none */
    private boolean open(Inbox inbox) throws SSLException {
        ByteBuffer record = records.next(inbox);
        if (record == null) return false;
        // What is in a record is shorter than the record, so small ones need no big buffer.
        ByteBuffer into = ByteBuffer.allocate(Records.length(record));
        SSLEngineResult result = engine.unwrap(record, into);
        if (result.getStatus() == Status.BUFFER_OVERFLOW) {
            into = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
            result = engine.unwrap(record, into);
        }
        if (result.getStatus() == Status.CLOSED) ended = true;
        else if (result.bytesConsumed() == 0) throw new SSLException("a record that cannot be opened");
        opened = into.flip();
        return true;
    }

    private int room() {
        return engine.getSession().getPacketBufferSize();
    }

    /** Seals all of it, or with nothing what the engine itself has to say. */
    void seal(ByteBuffer plain) throws SSLException {
        do {
            makeRoom(plain.remaining());
            SSLEngineResult result = engine.wrap(plain, sealed);
            if (plain.hasRemaining() && (result.getStatus() != Status.OK || result.bytesProduced() == 0))
                throw new SSLException("TLS takes no more: " + result.getStatus());
        } while (plain.hasRemaining());
    }

    /** The engine wants room for the longest record before it makes a short one. */
    private void makeRoom(int octets) {
        if (sealed.remaining() >= room()) return;
        sealed = ByteBuffer.allocate(sealed.position() + octets + octets / 64 + room())
                .put(sealed.flip());
    }

    boolean hasSealed() {
        return sealed.position() > 0;
    }

    /** What is to be sent, in order; the caller sends it before anything else. */
    ByteBuffer sealed() {
        ByteBuffer all = sealed.flip();
        sealed = NOTHING;
        return all;
    }

    /** Says that nothing follows; without it a client must think that somebody cut the line (RFC 8446 6.1). */
    void close() throws SSLException {
        engine.closeOutbound();
        while (!engine.isOutboundDone() && status() == HandshakeStatus.NEED_WRAP) seal(NOTHING);
    }

    /** After a failure: what the engine has to say about it. */
    void complain() throws SSLException {
        if (status() == HandshakeStatus.NEED_WRAP) seal(NOTHING);
    }
}
