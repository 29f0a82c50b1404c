package org.posthorn.intake;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;

/**
 * The filters that are there. Each is leased by its name and version; by its name alone only one that counts, so that what runs beside is never
 * taken for it. Safe for several threads.
 */
final class Filters {

    /** What is known of a filter. @param name with its version @param beside whether it runs beside those that count */
    record Trait(String name, boolean beside, Set<Moment> moments, boolean stateful) {}

    private final Leased<MailFilter> counting = new Leased<>();
    private final Leased<MailFilter> versions = new Leased<>();
    private final Map<MailFilter, Trait> traits = new ConcurrentHashMap<>();

    void add(MailFilter filter, Map<String, ?> properties, Home home) {
        String name = FilterName.of(String.valueOf(properties.get(Leased.NAME)), home.version());
        boolean stateful = "true".equals(String.valueOf(properties.get(MailFilter.STATEFUL)));
        traits.put(filter, new Trait(name, home.beside(), Moment.of(filter), stateful));
        Map<String, Object> named = new HashMap<>(properties);
        named.put(Leased.NAME, name);
        versions.add(filter, named);
        if (!home.beside()) counting.add(filter, properties);
    }

    /** What one is called, by its service's properties. */
    static List<String> names(Map<String, ?> properties, Home home) {
        String plain = String.valueOf(properties.get(Leased.NAME));
        String versioned = FilterName.of(plain, home.version());
        return home.beside() ? List.of(versioned) : List.of(plain, versioned);
    }

    /** Ends when nobody uses it any more. */
    void remove(MailFilter filter) {
        counting.remove(filter);
        versions.remove(filter);
        traits.remove(filter);
    }

    /** The caller closes the lease. */
    Optional<Lease<MailFilter>> lease(String name) {
        return FilterName.versioned(name) ? versions.lease(name) : counting.lease(name);
    }

    Trait trait(MailFilter filter) {
        // One that has just gone may still be at work.
        Trait known = traits.get(filter);
        return known == null ? new Trait("", false, Moment.of(filter), false) : known;
    }

    boolean there(String name) {
        return (FilterName.versioned(name) ? versions : counting).names().contains(name);
    }

    /** Whether all of a chain are. */
    boolean there(List<String> chain) {
        return chain.isEmpty()
                || counting.names().containsAll(chain)
                || chain.stream().allMatch(this::there);
    }

    /** Of those that count. */
    List<String> names() {
        return counting.names();
    }

    /** Of those that run beside, with their versions. */
    List<String> aside() {
        return traits.values().stream()
                .filter(Trait::beside)
                .map(Trait::name)
                .sorted()
                .toList();
    }

    /** Of all, with their versions. */
    List<String> versions() {
        return versions.names();
    }

    /** What ends when those of that names are there: perhaps at once, perhaps never. */
    List<CompletableFuture<Void>> present(List<String> names) {
        List<String> pinned = names.stream().filter(FilterName::versioned).toList();
        List<String> plain = names.stream().filter(n -> !pinned.contains(n)).toList();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        if (!plain.isEmpty()) all.add(counting.present(plain).toCompletableFuture());
        if (!pinned.isEmpty()) all.add(versions.present(pinned).toCompletableFuture());
        return all;
    }
}
