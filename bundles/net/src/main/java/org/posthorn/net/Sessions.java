package org.posthorn.net;

import java.io.IOException;
import java.nio.BufferOverflowException;
import java.security.cert.Certificate;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.service.IoHandlerAdapter;
import org.apache.mina.core.session.AttributeKey;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.filter.FilterEvent;
import org.apache.mina.filter.ssl.SslEvent;
import org.apache.mina.filter.ssl.SslFilter;
import org.posthorn.api.net.Tls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** MINA's events, handed to the connection they are for. */
final class Sessions extends IoHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final AttributeKey CONNECTION = new AttributeKey(Sessions.class, "connection");

    private final Function<IoSession, ClientConnection> admission;

    /** @param admission null for a session that is not let in */
    Sessions(Function<IoSession, ClientConnection> admission) {
        this.admission = admission;
    }

    private static ClientConnection of(IoSession session) {
        return (ClientConnection) session.getAttribute(CONNECTION);
    }

    @Override
    public void sessionCreated(IoSession session) {
        ClientConnection connection = admission.apply(session);
        if (connection == null) session.closeNow();
        else session.setAttribute(CONNECTION, connection);
    }

    @Override
    public void sessionOpened(IoSession session) {
        ClientConnection connection = of(session);
        if (connection != null) connection.opened();
    }

    @Override
    public void messageReceived(IoSession session, Object message) {
        ClientConnection connection = of(session);
        if (connection != null) connection.came(((IoBuffer) message).buf());
    }

    @Override
    public void messageSent(IoSession session, Object message) {
        of(session).sent();
    }

    @Override
    public void inputClosed(IoSession session) {
        ClientConnection connection = of(session);
        if (connection == null) session.closeNow();
        else connection.inputEnded();
    }

    @Override
    public void sessionClosed(IoSession session) {
        ClientConnection connection = of(session);
        if (connection != null) connection.disconnected();
    }

    @Override
    public void event(IoSession session, FilterEvent event) {
        if (event != SslEvent.SECURED) return;
        SSLSession tls = (SSLSession) session.getAttribute(SslFilter.SSL_SECURED);
        of(session).secured(new Tls(tls.getProtocol(), tls.getCipherSuite(), peer(tls)));
    }

    private static List<Certificate> peer(SSLSession tls) {
        try {
            return List.of(tls.getPeerCertificates());
        } catch (SSLPeerUnverifiedException none) {
            return List.of();
        }
    }

    @Override
    public void exceptionCaught(IoSession session, Throwable cause) {
        if (cause instanceof BufferOverflowException)
            LOG.error("TLS lost what was to be sent to {}; the connection ends", session.getRemoteAddress(), cause);
        else if (cause instanceof IOException || cause instanceof IllegalStateException)
            LOG.debug("The connection with {} broke: {}", session.getRemoteAddress(), cause.toString());
        else LOG.warn("The connection with {} failed", session.getRemoteAddress(), cause);
        session.closeNow();
    }
}
