package org.posthorn.api.lease;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** One service and the number of its leases. */
final class Counted<T> {

    /** Sorts the best first. */
    record Order(int ranking, long id) implements Comparable<Order> {
        @Override
        public int compareTo(Order other) {
            return ranking != other.ranking ? Integer.compare(other.ranking, ranking) : Long.compare(id, other.id);
        }
    }

    private final T service;
    private final String name;
    private final Order order;
    private final long bundle;
    private int leases;
    private boolean leaving;

    Counted(T service, Map<String, ?> properties) {
        this.service = service;
        this.name = properties.get(Leased.NAME) instanceof String s ? s : "";
        int ranking = properties.get("service.ranking") instanceof Integer i ? i : 0;
        long id = properties.get("service.id") instanceof Long l ? l : 0;
        this.order = new Order(ranking, id);
        this.bundle = properties.get("service.bundleid") instanceof Long l ? l : 0;
    }

    T service() {
        return service;
    }

    String name() {
        return name;
    }

    Order order() {
        return order;
    }

    /** Where it comes from. */
    long bundle() {
        return bundle;
    }

    /** Whether it counts; one on trial does not yet. */
    boolean counts() {
        return !Probation.has(bundle);
    }

    /** Null when the service is leaving: the caller looks at the next one. */
    synchronized Lease<T> lease() {
        if (leaving) return null;
        leases++;
        return new Taken();
    }

    /** Waits until no lease is out, at most so long. */
    synchronized void drain(Duration most) {
        leaving = true;
        long end = System.nanoTime() + most.toNanos();
        try {
            while (leases > 0) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) return;
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void giveBack() {
        if (--leases == 0) notifyAll();
    }

    private final class Taken implements Lease<T> {
        private final AtomicBoolean closed = new AtomicBoolean();

        @Override
        public T get() {
            return service;
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) giveBack();
        }
    }
}
