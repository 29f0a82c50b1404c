package org.posthorn.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SelectableChannelEndPoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts connections, in all and for each client, and cuts those that are too many. Safe for several threads. */
final class Crowd implements Connection.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(Crowd.class);

    /** A network of which one household or machine has all addresses: RFC 6177 gives no site less than a /64. */
    private static final int IPV6_NETWORK_OCTETS = 8;

    private static final long NEWS = Duration.ofMinutes(1).toNanos();

    private final Supplier<Settings> settings;
    private final Map<InetAddress, Integer> clients = new HashMap<>();
    /** Whose each is that was let in: a socket that is closed does not tell any more. */
    private final Map<Connection, InetAddress> inside = new HashMap<>();

    private final LongSupplier nanoTime;
    private long told;
    private int untold;

    Crowd(Supplier<Settings> settings, LongSupplier nanoTime) {
        this.settings = settings;
        this.nanoTime = nanoTime;
        told = nanoTime.getAsLong() - NEWS;
    }

    @Override
    public void onOpened(Connection connection) {
        if (!isOuter(connection)) return;
        InetAddress client = client(connection.getEndPoint());
        Optional<String> limit = enter(connection, client);
        if (limit.isEmpty()) return;
        tell(client, limit.get());
        connection.getEndPoint().close();
    }

    @Override
    public synchronized void onClosed(Connection connection) {
        InetAddress client = inside.remove(connection);
        if (client != null) clients.computeIfPresent(client, (k, his) -> his == 1 ? null : his - 1);
    }

    /** Within TLS there is another one on the same socket. */
    private static boolean isOuter(Connection connection) {
        return connection.getEndPoint() instanceof SelectableChannelEndPoint;
    }

    /** @return the limit that is reached; empty when there is room */
    private synchronized Optional<String> enter(Connection connection, InetAddress client) {
        int all = settings.get().maxConnections();
        int most = settings.get().maxPerClient();
        int his = clients.getOrDefault(client, 0);
        if (inside.size() >= all) return Optional.of("maxConnections is " + all);
        if (most != 0 && his >= most) return Optional.of("maxPerClient is " + most);
        clients.put(client, his + 1);
        inside.put(connection, client);
        return Optional.empty();
    }

    /** The first at once, and in a minute no other than that: who comes in crowds shall not fill the log as well. */
    private synchronized void tell(InetAddress client, String limit) {
        long now = nanoTime.getAsLong();
        untold++;
        if (now - told < NEWS) return;
        LOG.warn("{} is turned away, {} since the last such line: {}", client.getHostAddress(), untold, limit);
        told = now;
        untold = 0;
    }

    /** Who counts as one. */
    private static InetAddress client(EndPoint endPoint) {
        SocketAddress remote = endPoint.getRemoteSocketAddress();
        InetAddress address = remote instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress()
                : InetAddress.getLoopbackAddress();
        if (!(address instanceof Inet6Address)) return address;
        byte[] network = address.getAddress();
        Arrays.fill(network, IPV6_NETWORK_OCTETS, network.length, (byte) 0);
        try {
            return InetAddress.getByAddress(network);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("sixteen octets are an address", e);
        }
    }
}
