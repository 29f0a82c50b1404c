package org.posthorn.net;

import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections that were turned away: of each listener the first is told to the log at once, and once a minute what came behind it. */
final class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final long NEWS = Duration.ofMinutes(1).toNanos();
    /** A crowd may come from anywhere, and is told apart only so far. */
    private static final int MOST_CLIENTS = 1_000;

    /** What came to one listener and was not told yet. */
    private static final class Untold {
        private final long since;
        private final Map<InetAddress, Integer> clients = new HashMap<>();
        private int all;
        private String limit = "";

        Untold(long since) {
            this.since = since;
        }
    }

    private final LongSupplier nanoTime;
    private final Map<String, Untold> listeners = new HashMap<>();

    Refusals(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** One more. */
    synchronized void note(String listener, InetAddress client, String limit) {
        Untold untold = listeners.get(listener);
        if (untold == null) {
            LOG.warn("{} turns away {}: {}", listener, client.getHostAddress(), limit);
            listeners.put(listener, new Untold(nanoTime.getAsLong()));
            return;
        }
        untold.all++;
        untold.limit = limit;
        if (untold.clients.size() < MOST_CLIENTS || untold.clients.containsKey(client))
            untold.clients.merge(client, 1, Integer::sum);
    }

    /** Tells what is due; to be called from time to time. */
    synchronized void tell() {
        if (listeners.isEmpty()) return;
        long now = nanoTime.getAsLong();
        listeners.entrySet().removeIf(e -> now - e.getValue().since >= NEWS && e.getValue().all == 0);
        listeners.replaceAll((listener, untold) -> now - untold.since < NEWS ? untold : told(listener, untold, now));
    }

    private static Untold told(String listener, Untold untold, long now) {
        Map.Entry<InetAddress, Integer> most = untold.clients.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow();
        LOG.warn(
                "{} has turned away {} more in the last minute, {} of them from {}: {}",
                listener,
                untold.all,
                most.getValue(),
                most.getKey().getHostAddress(),
                untold.limit);
        return new Untold(now);
    }
}
