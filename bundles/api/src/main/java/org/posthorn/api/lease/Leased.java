package org.posthorn.api.lease;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The services of one kind, used by counted leases. A component binds them here by a dynamic reference and takes a lease for each call:
 * the best one that is there now. {@link #remove}, which the container calls before it stops a service, waits for the leases on it
 * to come back; so a call that runs finishes on the old service, and the next lease is the new one. Safe for several threads.
 *
 * <p>Best is the highest {@code service.ranking}, then the lowest {@code service.id}. Where a new version comes up beside an old one, it does not count before it
 * has stood its {@link Probation}; after that the old one is used until it goes, if their rankings are alike. The property {@code name} tells services of a kind apart.
 */
public final class Leased<T> {

    /** The property that tells services of one kind apart. */
    public static final String NAME = "name";

    private final Duration drain;
    private volatile List<Counted<T>> services = List.of();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    /** One object, by which {@link Probation} knows it again. */
    private final Runnable tell = () -> listeners.forEach(Listening::tell);

    /** With a minute for calls that run: a mail that a client is sending to the intake is one. */
    public Leased() {
        this(Duration.ofMinutes(1));
    }

    /** @param drain how long {@link #remove} waits for calls that run */
    public Leased(Duration drain) {
        this.drain = drain;
    }

    /** A service came. For the bind method of a reference. */
    public void add(T service, Map<String, ?> properties) {
        Counted<T> counted = new Counted<>(service, properties);
        synchronized (this) {
            List<Counted<T>> more = new ArrayList<>(services);
            more.add(counted);
            more.sort(Comparator.comparing(Counted::order));
            services = List.copyOf(more);
        }
        Probation.atEnd(counted.bundle(), tell);
        tell.run();
    }

    /** A service goes: no new leases, and back when the last one is returned or the time is up. For the unbind method. */
    public void remove(T service) {
        List<Counted<T>> leaving = new ArrayList<>();
        synchronized (this) {
            List<Counted<T>> rest = new ArrayList<>(services);
            rest.removeIf(c -> c.service() == service && leaving.add(c));
            services = List.copyOf(rest);
        }
        leaving.forEach(c -> Probation.forget(c.bundle(), tell));
        leaving.forEach(c -> c.drain(drain));
        tell.run();
    }

    /** The best one; empty when there is none. The caller closes the lease. */
    public Optional<Lease<T>> lease() {
        return lease(all -> true);
    }

    /** Asked for with each command. */
    private Optional<Lease<T>> lease(Predicate<Counted<T>> wanted) {
        List<Counted<T>> seen;
        do {
            seen = services;
            for (Counted<T> each : seen) {
                Lease<T> lease = wanted.test(each) && each.counts() ? each.lease() : null;
                if (lease != null) return Optional.of(lease);
            }
            // All that was seen may have left meanwhile, and another have come in its place.
        } while (seen != services);
        return Optional.empty();
    }

    /** The best one of that name. */
    public Optional<Lease<T>> lease(String name) {
        return lease(c -> c.name().equals(name));
    }

    /** One of each, best first; of two with the same name the better one. The caller closes them. */
    public List<Lease<T>> all() {
        while (true) {
            List<Counted<T>> seen = services;
            List<Lease<T>> all = all(seen);
            if (seen == services) return all;
            all.forEach(Lease::close);
        }
    }

    private static <T> List<Lease<T>> all(List<Counted<T>> services) {
        Set<String> names = new HashSet<>();
        List<Lease<T>> all = new ArrayList<>();
        for (Counted<T> each : services) {
            if (!each.counts() || names.contains(each.name())) continue;
            Lease<T> lease = each.lease();
            // One that is leaving does not hide the one that has come in its place.
            if (lease == null) continue;
            all.add(lease);
            if (!each.name().isEmpty()) names.add(each.name());
        }
        return all;
    }

    /** The names that are there. */
    public List<String> names() {
        return counting().map(Counted::name).distinct().toList();
    }

    private Stream<Counted<T>> counting() {
        return services.stream().filter(Counted::counts);
    }

    /** Ends when there is a service, or services of all these names if there are any: perhaps at once, perhaps never. */
    public CompletionStage<Void> present(Collection<String> names) {
        CompletableFuture<Void> here = new CompletableFuture<>();
        Runnable look = () -> {
            List<String> now = names();
            if (names.isEmpty() ? !now.isEmpty() : now.containsAll(names)) here.complete(null);
        };
        listeners.add(look);
        here.whenComplete((v, e) -> listeners.remove(look));
        look.run();
        return here;
    }

    /** Calls the listener, on the thread that did it, when a service has come, gone or passed its trial; until the result is run. */
    public Runnable onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
