package org.posthorn.users;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.Address;

/** Which addresses are whose: those whose mail would come to the account. */
final class Senders {

    /** An alias may lead to another one, and that to the account. */
    private static final int STEPS = 2;

    private final Backends backends;
    private final RoutingSettings routing;

    Senders(Backends backends, RoutingSettings routing) {
        this.backends = backends;
        this.routing = routing;
    }

    boolean maySend(Address account, Address sender) throws IOException {
        Address full = sender.domain().isEmpty() ? sender.at(routing.defaultDomain()) : sender;
        return leads(full.folded(), account.folded(), STEPS);
    }

    /** In the order in which routing looks: the name as it is, then less its detail, then the catch-all. */
    private boolean leads(Address from, Address account, int steps) throws IOException {
        Optional<Boolean> known = known(from, account, steps);
        Optional<Address> plain = routing.withoutDetail(from);
        if (known.isEmpty() && plain.isPresent()) known = known(plain.get(), account, steps);
        return known.isPresent() ? known.get() : any(backends.catchAll(from.domain()), account, steps);
    }

    /** Whether it leads there; empty when there is no such name. */
    private Optional<Boolean> known(Address name, Address account, int steps) throws IOException {
        if (name.equals(account)) return Optional.of(true);
        List<Address> targets = backends.alias(name);
        if (!targets.isEmpty()) return Optional.of(any(targets, account, steps));
        return backends.user(name).map(other -> false);
    }

    private boolean any(List<Address> targets, Address account, int steps) throws IOException {
        if (steps == 0) return false;
        for (Address target : targets) if (leads(target.folded(), account, steps - 1)) return true;
        return false;
    }
}
