package org.posthorn.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;

/** Counts connections, in all and for each client, and says when there are enough. */
final class Crowd {

    /** A network of which one household or machine has all addresses: RFC 6177 gives no site less than a /64. */
    private static final int IPV6_NETWORK_OCTETS = 8;

    private final Map<InetAddress, Integer> clients = new HashMap<>();
    private int most;
    private IntSupplier mostPerClient;
    private int all;

    Crowd(int most, IntSupplier mostPerClient) {
        limits(most, mostPerClient);
    }

    /** New limits; zero is none. Who is in stays. */
    synchronized void limits(int inAll, IntSupplier perClient) {
        most = inAll;
        mostPerClient = perClient;
    }

    /** One more, if there is room. @return the limit that is reached; empty when there is room */
    synchronized Optional<String> enter(InetAddress client) {
        InetAddress key = network(client);
        int his = clients.getOrDefault(key, 0);
        int perClient = mostPerClient.getAsInt();
        if (!room(all, most)) return Optional.of("maxConnections is " + most);
        if (!room(his, perClient)) return Optional.of("maxPerClient is " + perClient);
        all++;
        clients.put(key, his + 1);
        return Optional.empty();
    }

    private static boolean room(int now, int limit) {
        return limit == 0 || now < limit;
    }

    /** One less. */
    synchronized void leave(InetAddress client) {
        all--;
        clients.computeIfPresent(network(client), (k, his) -> his == 1 ? null : his - 1);
    }

    synchronized int all() {
        return all;
    }

    /** Who counts as one. */
    static InetAddress network(InetAddress client) {
        if (!(client instanceof Inet6Address)) return client;
        byte[] address = client.getAddress();
        Arrays.fill(address, IPV6_NETWORK_OCTETS, address.length, (byte) 0);
        try {
            return InetAddress.getByAddress(address);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("sixteen octets are an address", e);
        }
    }
}
