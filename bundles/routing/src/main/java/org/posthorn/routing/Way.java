package org.posthorn.routing;

import java.io.IOException;
import java.net.IDN;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.routing.Route;

/** One address's next step. */
final class Way {

    private final Settings settings;
    private final Directories directories;
    private final Predicate<InetAddress> ours;

    Way(Settings settings, Directories directories, Predicate<InetAddress> ours) {
        this.settings = settings;
        this.directories = directories;
        this.ours = ours;
    }

    Route of(Address address) throws IOException {
        Address folded = address.folded();
        String domain = folded.domain();
        if (domain.isEmpty()) return barePostmaster(folded.at(settings.defaultDomain()));
        if (domain.startsWith("[")) return literal(folded);
        Optional<String> ascii = ascii(domain);
        if (ascii.isEmpty()) return refuse("5.1.2", "no such domain can be");
        if (directories.local(domain)) return local(folded);
        // A domain is the same by its A-labels and its U-labels, RFC 5890 2.3.2.1, whichever of them it is known by
        // here.
        for (String same : List.of(ascii.get(), IDN.toUnicode(ascii.get())))
            if (directories.local(same)) return local(folded.at(same));
        return elsewhere(ascii.get());
    }

    private static Optional<String> ascii(String domain) {
        try {
            // The mapping makes plain signs of full-width ones, and a domain must not write a next hop.
            return Optional.of(IDN.toASCII(domain))
                    .filter(a -> Address.parse("a@" + a).isPresent() && !a.startsWith("["));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Route elsewhere(String domain) {
        Optional<String> relay = settings.relay(domain);
        if (relay.isPresent()) return new Route.Via("smtp", relay.get(), true);
        return new Route.Via("smtp", settings.smarthost().orElse(domain), false);
    }

    /** RFC 5321 4.1.3: the address of a machine stands for its mail domain; if the machine is this one, for the default domain. */
    private Route literal(Address address) throws IOException {
        Optional<InetAddress> machine = machine(address.domain());
        if (machine.isEmpty()) return refuse("5.1.2", "not an address of a machine");
        if (ours.test(machine.get())) return of(address.at(settings.defaultDomain()));
        String hop = settings.smarthost().orElse("[" + machine.get().getHostAddress() + "]:25");
        return new Route.Via("smtp", hop, false);
    }

    private static Optional<InetAddress> machine(String literal) throws IOException {
        String text = literal.substring(1, literal.length() - 1);
        boolean six = text.regionMatches(true, 0, "IPv6:", 0, 5);
        if (six) text = text.substring(5);
        // What is not an address must not become a question to the DNS.
        boolean sound = six ? text.matches("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*") : text.matches("\\d{1,3}(\\.\\d{1,3}){3}");
        if (!sound) return Optional.empty();
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (java.net.UnknownHostException e) {
            return Optional.empty();
        }
    }

    private Route local(Address address) throws IOException {
        Optional<Route> known = known(address);
        if (known.isPresent()) return known.get();
        Optional<Address> plain = withoutDetail(address);
        if (plain.isPresent()) known = known(plain.get());
        return known.isPresent() ? known.get() : unknown(address);
    }

    private Optional<Route> known(Address address) throws IOException {
        List<Address> alias = directories.alias(address);
        boolean elsewhere =
                !alias.isEmpty() && alias.stream().map(Address::folded).noneMatch(address.folded()::equals);
        if (elsewhere) return Optional.of(new Route.Alias(alias));
        Optional<Address> user = directories.user(address);
        return alias.isEmpty() ? user.map(Way::shelf) : Optional.of(alias(alias, user));
    }

    private static Route alias(List<Address> targets, Optional<Address> user) {
        List<Address> others = targets.stream()
                .filter(t -> !Optional.of(t.folded()).equals(user.map(Address::folded)))
                .toList();
        if (others.size() == targets.size()) return new Route.Alias(targets);
        Route.Via own = shelf(user.orElseThrow());
        return others.isEmpty() ? own : new Route.Alias(others, Optional.of(own));
    }

    private Route unknown(Address address) throws IOException {
        boolean postmaster = address.localPart().equals("postmaster");
        if (postmaster || address.localPart().equals("abuse")) return postmaster(address, postmaster);
        List<Address> all = directories.catchAll(address.domain());
        return all.isEmpty() ? refuse("5.1.1", "there is no such user here") : new Route.Alias(all);
    }

    /** RFC 5321 4.5.1 wants it to exist wherever mail is taken, RFC 2142 wants abuse too. */
    private Route postmaster(Address address, boolean postmaster) throws IOException {
        Optional<Address> set = settings.postmaster().filter(p -> !p.equals(address));
        if (set.isPresent()) return new Route.Alias(List.of(set.get()));
        if (!postmaster) return new Route.Alias(List.of(new Address("postmaster", address.domain())));
        boolean atHome = address.domain().equals(settings.defaultDomain());
        if (atHome || !directories.local(settings.defaultDomain())) return shelf(address);
        return new Route.Alias(List.of(address.at(settings.defaultDomain())));
    }

    private Route barePostmaster(Address postmaster) throws IOException {
        return directories.local(postmaster.domain()) ? local(postmaster) : postmaster(postmaster, true);
    }

    private Optional<Address> withoutDetail(Address address) {
        int at = settings.separator().isEmpty() ? -1 : address.localPart().indexOf(settings.separator());
        return at < 1
                ? Optional.empty()
                : Optional.of(new Address(address.localPart().substring(0, at), address.domain()));
    }

    private static Route.Via shelf(Address account) {
        return new Route.Via("local", account.toString(), true);
    }

    private static Route refuse(String enhanced, String why) {
        return new Route.Refuse(new Reply(550, enhanced, why));
    }
}
