package org.posthorn.intake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.lease.Lease;

/** The filters of a mail as they are now, leased for what they are asked at once: a swap does not wait for what a client says next. */
final class Chain implements AutoCloseable {

    /** One filter of it. */
    record Link(String name, MailFilter filter, Set<Moment> moments) {}

    private final List<Lease<MailFilter>> leases = new ArrayList<>();
    private final List<Link> links = new ArrayList<>();
    private String missing;

    Chain(List<String> names, Parts parts) {
        for (String name : names) {
            Optional<Lease<MailFilter>> lease = parts.filters().lease(name);
            if (lease.isEmpty()) {
                missing = name;
                return;
            }
            leases.add(lease.get());
            MailFilter filter = lease.get().get();
            links.add(new Link(name, filter, parts.filters().trait(filter).moments()));
        }
    }

    /** The first filter that is not there. */
    Optional<String> missing() {
        return Optional.ofNullable(missing);
    }

    /** Those that have an opinion at that moment. */
    List<Link> at(Moment moment) {
        List<Link> asked = new ArrayList<>(links.size());
        for (Link link : links) if (link.moments().contains(moment)) asked.add(link);
        return asked;
    }

    /** When each of them has an opinion. */
    List<Set<Moment>> moments() {
        return links.stream().map(Link::moments).toList();
    }

    @Override
    public void close() {
        leases.forEach(Lease::close);
    }
}
