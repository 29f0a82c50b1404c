package org.posthorn.users;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.UserDirectory;

/** Which addresses are whose: those whose mail would come to the account. */
final class Senders {

    /** An alias may lead to another one, and that to the account. */
    private static final int STEPS = 2;

    private static final int MOST = 200;

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

    /** The account's own, and the aliases of all domains that lead to it. */
    List<Address> addresses(Address account) throws IOException {
        List<UserDirectory.Alias> aliases = new ArrayList<>();
        for (String domain : backends.domains()) aliases.addAll(backends.aliases(domain));
        Set<Address> own = new TreeSet<>(Comparator.comparing(Address::toString));
        own.add(account.folded());
        for (int step = 0; step < STEPS; step++) {
            Set<Address> known = Set.copyOf(own);
            for (UserDirectory.Alias alias : aliases) if (leadsTo(known, alias)) own.add(address(alias));
        }
        own.remove(account.folded());
        List<Address> all = new ArrayList<>(List.of(account));
        own.stream().limit(MOST - 1).forEach(all::add);
        return all;
    }

    private boolean leadsTo(Set<Address> known, UserDirectory.Alias alias) {
        return !alias.name().isEmpty()
                && alias.targets().stream()
                        .map(Address::folded)
                        .anyMatch(t -> known.contains(t)
                                || routing.withoutDetail(t)
                                        .filter(known::contains)
                                        .isPresent());
    }

    private static Address address(UserDirectory.Alias alias) {
        return new Address(alias.name(), alias.domain()).folded();
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
