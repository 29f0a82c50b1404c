package org.posthorn.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends connections that bring no whole head of a request for a time, however often an octet of one comes: that is a sign of life for Jetty, which would
 * wait for ever. Handshakes of TLS count as well. Safe for several threads.
 */
final class Heads implements Connection.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(Heads.class);

    /** @param requests how many have come @param since when the next has been waited for, by the clock */
    private record Waited(long requests, long since) {}

    private final Supplier<Duration> patience;
    private final LongSupplier nanoTime;
    private final Map<HttpConnection, Waited> connections = new ConcurrentHashMap<>();

    /** @param patience how long a head may take */
    Heads(Supplier<Duration> patience, LongSupplier nanoTime) {
        this.patience = patience;
        this.nanoTime = nanoTime;
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof HttpConnection http) connections.put(http, anew(http));
    }

    @Override
    public void onClosed(Connection connection) {
        if (connection instanceof HttpConnection http) connections.remove(http);
    }

    private Waited anew(HttpConnection connection) {
        return new Waited(connection.getMessagesIn(), nanoTime.getAsLong());
    }

    /** How often {@link #look} wants to be called. */
    Duration interval() {
        return patience.get().dividedBy(4);
    }

    /** Ends those whose time is over. */
    void look() {
        connections.forEach((connection, waited) -> {
            boolean waits = connection.getParser().inHeaderState() && connection.getMessagesIn() == waited.requests;
            if (!waits) connections.replace(connection, waited, anew(connection));
            else if (nanoTime.getAsLong() - waited.since > patience.get().toNanos()) end(connection);
        });
    }

    private void end(HttpConnection connection) {
        LOG.debug(
                "{} brings no whole request, and is cut off",
                connection.getEndPoint().getRemoteSocketAddress());
        connection.close();
    }
}
