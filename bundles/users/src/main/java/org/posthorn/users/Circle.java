package org.posthorn.users;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mail.Address;

/** Looks for aliases that lead to each other and to nobody. */
record Circle(Backends backends, RoutingSettings routing) {

    /** Whether mail for those can only go round: none of them leads to a user, to another server, or to a name that is refused. */
    boolean holds(List<Address> targets) throws IOException {
        Deque<Address> open = new ArrayDeque<>(targets);
        Set<Address> seen = new HashSet<>();
        while (!open.isEmpty()) {
            Address address = open.pop().folded();
            if (!seen.add(address)) continue;
            List<Address> further = further(address);
            if (further.isEmpty()) return false;
            open.addAll(further);
        }
        return true;
    }

    /** In the order in which routing looks; empty when it ends there. */
    private List<Address> further(Address address) throws IOException {
        Optional<List<Address>> known = known(address);
        Optional<Address> plain = routing.withoutDetail(address);
        if (known.isEmpty() && plain.isPresent()) known = known(plain.get());
        return known.isPresent() ? known.get() : backends.catchAll(address.domain());
    }

    /** Whether an address of this server is nobody's: mail for it is refused. */
    boolean nobody(Address target) throws IOException {
        Address address = target.folded();
        if (!backends.domains().contains(address.domain())) return false;
        // Those two are somebody's wherever mail is taken, RFC 5321 4.5.1 and RFC 2142.
        if (Set.of("postmaster", "abuse").contains(address.localPart())) return false;
        Optional<Address> plain = routing.withoutDetail(address);
        return known(address).isEmpty()
                && (plain.isEmpty() || known(plain.get()).isEmpty())
                && backends.catchAll(address.domain()).isEmpty();
    }

    private Optional<List<Address>> known(Address address) throws IOException {
        boolean user = backends.user(address).isPresent();
        List<Address> targets = backends.alias(address);
        // Who is among the targets of an alias of the same name keeps a copy.
        if (user && targets.stream().map(Address::folded).anyMatch(address::equals)) return Optional.of(List.of());
        return user || !targets.isEmpty() ? Optional.of(targets) : Optional.empty();
    }
}
