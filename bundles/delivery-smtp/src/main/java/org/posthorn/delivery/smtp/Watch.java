package org.posthorn.delivery.smtp;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.posthorn.delivery.smtp.Exchangers.Server;
import org.posthorn.delivery.smtp.NextHop.TlsPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after sessions from aside: cuts steps that take too long, and keeps sessions that are done for a little while, for the next mail. */
final class Watch implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final int LOOK_MILLIS = 500;

    private final LongSupplier nanoTime;
    private final Set<Wire> wires = ConcurrentHashMap.newKeySet();
    private final Map<Key, Deque<Idle>> idle = new HashMap<>();
    private final ScheduledThreadPoolExecutor clock;
    private Duration keep;
    private boolean closed;

    private record Key(Server server, TlsPolicy policy) {}

    private record Idle(RemoteSession session, long since) {}

    Watch(Duration keep, LongSupplier nanoTime) {
        this.keep = keep;
        this.nanoTime = nanoTime;
        // A goodbye may be stuck until it is cut, so cutting has a thread of its own.
        this.clock = new ScheduledThreadPoolExecutor(2, work -> {
            Thread thread = new Thread(work, "delivery-smtp-watch");
            thread.setDaemon(true);
            return thread;
        });
        each(this::cut);
        each(this::sayGoodbye);
    }

    private void each(Runnable look) {
        clock.scheduleWithFixedDelay(() -> safely(look), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** What goes wrong in one look must not end those that follow. */
    private static void safely(Runnable look) {
        try {
            look.run();
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.error("Connections with other servers could not be looked after; the next look follows", e);
        }
    }

    void add(Wire wire) {
        wires.add(wire);
    }

    void remove(Wire wire) {
        wires.remove(wire);
    }

    synchronized void keep(Duration time) {
        keep = time;
    }

    /** A session that is open to that server. */
    synchronized Optional<RemoteSession> take(Server server, TlsPolicy policy) {
        Deque<Idle> there = idle.get(new Key(server, policy));
        if (there == null) return Optional.empty();
        Idle best = there.removeLast();
        if (there.isEmpty()) idle.remove(new Key(server, policy));
        return Optional.of(best.session);
    }

    /** The session may be used again, or is closed. */
    void giveBack(RemoteSession session, TlsPolicy policy) {
        session.wire().forever();
        synchronized (this) {
            if (!closed && !keep.isZero()) {
                idle.computeIfAbsent(new Key(session.server(), policy), k -> new ArrayDeque<>())
                        .add(new Idle(session, nanoTime.getAsLong()));
                return;
            }
        }
        end(session);
    }

    void end(RemoteSession session) {
        try {
            session.close();
        } catch (IOException e) {
            LOG.debug("{} was gone before the goodbye: {}", session.server(), e.toString());
        }
        wires.remove(session.wire());
    }

    private void cut() {
        for (Wire wire : wires) {
            try {
                wire.cutIfLate();
            } catch (IOException e) {
                LOG.debug("A connection could not be closed", e);
            }
        }
    }

    private void sayGoodbye() {
        old(keepTime()).forEach(this::end);
    }

    private synchronized Duration keepTime() {
        return keep;
    }

    private synchronized List<RemoteSession> old(Duration than) {
        long now = nanoTime.getAsLong();
        List<RemoteSession> found = new ArrayList<>();
        idle.values().forEach(all -> all.removeIf(i -> now - i.since >= than.toNanos() && found.add(i.session)));
        idle.values().removeIf(Deque::isEmpty);
        return found;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        clock.shutdownNow();
        old(Duration.ZERO).forEach(this::end);
    }
}
