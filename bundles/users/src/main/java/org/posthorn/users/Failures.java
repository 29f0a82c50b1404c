package org.posthorn.users;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Counts failed logins by client and by name; each one doubles the time that the next is held back. Safe for several threads. */
final class Failures {

    private record Count(int failures, long last) {}

    private static final int MOST = 10_000;
    private static final long FORGOTTEN = Duration.ofMinutes(15).toNanos();

    private final Map<Object, Count> counts = new LinkedHashMap<>();
    private final LongSupplier nanoTime;

    Failures(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Counts one. @return how often the client or the name, whichever is worse, has failed of late; at least 1 */
    synchronized int failed(String name, InetAddress client) {
        return Math.max(count(name), count(network(client)));
    }

    /** The client's count stays: who owns one account may be guessing at others. */
    synchronized void succeeded(String name) {
        counts.remove(name);
    }

    private int count(Object key) {
        long now = nanoTime.getAsLong();
        Count before = counts.remove(key);
        int failures = before == null || now - before.last > FORGOTTEN ? 1 : before.failures + 1;
        counts.put(key, new Count(failures, now));
        // The one that failed last stands last.
        if (counts.size() > MOST) counts.remove(counts.keySet().iterator().next());
        return failures;
    }

    /** Whoever has one IPv6 address has the 2^64 around it. */
    private static Object network(InetAddress client) {
        if (!(client instanceof Inet6Address)) return client;
        byte[] address = client.getAddress();
        Arrays.fill(address, 8, 16, (byte) 0);
        return ByteBuffer.wrap(address);
    }
}
