package org.posthorn.net;

import java.io.IOException;
import java.util.function.Function;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.service.IoHandlerAdapter;
import org.apache.mina.core.session.AttributeKey;
import org.apache.mina.core.session.IoSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** MINA's events, handed to the connection they are for. */
final class Sessions extends IoHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final AttributeKey CONNECTION = new AttributeKey(Sessions.class, "connection");

    private final Function<IoSession, Client> admission;

    /** @param admission null for a session that is not let in */
    Sessions(Function<IoSession, Client> admission) {
        this.admission = admission;
    }

    private static Client of(IoSession session) {
        return (Client) session.getAttribute(CONNECTION);
    }

    @Override
    public void sessionCreated(IoSession session) {
        Client connection = admission.apply(session);
        if (connection == null) session.closeNow();
        else session.setAttribute(CONNECTION, connection);
    }

    @Override
    public void sessionOpened(IoSession session) {
        Client connection = of(session);
        if (connection != null) connection.opened();
    }

    @Override
    public void messageReceived(IoSession session, Object message) {
        Client connection = of(session);
        if (connection != null) connection.came(((IoBuffer) message).buf());
    }

    @Override
    public void messageSent(IoSession session, Object message) {
        of(session).sent();
    }

    @Override
    public void inputClosed(IoSession session) {
        Client connection = of(session);
        if (connection == null) session.closeNow();
        else connection.inputEnded();
    }

    @Override
    public void sessionClosed(IoSession session) {
        Client connection = of(session);
        if (connection != null) connection.disconnected();
    }

    @Override
    public void exceptionCaught(IoSession session, Throwable cause) {
        if (cause instanceof IOException || cause instanceof IllegalStateException)
            LOG.debug("The connection with {} broke: {}", session.getRemoteAddress(), cause.toString());
        else LOG.warn("The connection with {} failed", session.getRemoteAddress(), cause);
        session.closeNow();
    }
}
