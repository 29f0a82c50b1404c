package org.posthorn.queue;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.routing.Route;
import org.posthorn.api.routing.Router;
import org.posthorn.mime.Xtext;

/**
 * Follows the recipients of one mail to their ends: along aliases, each end once. An alias that leads back into itself is left where it does; when
 * nothing else comes of a recipient, that is a loop and fails.
 */
final class Expansion {

    /** How many aliases may stand behind one another. */
    private static final int DEEPEST = 10;
    /** How many ends one mail may have. */
    private static final int MOST = 10_000;

    private final List<Router> routers;
    private final Ways ways = new Ways();
    /** As they are written: only the domain's own host knows whether the case of a local part counts, RFC 5321 2.4. */
    private final Set<Address> ends = new HashSet<>();
    /** Those of them that are brought somewhere now. */
    private final Map<Address, Brought> brought = new HashMap<>();
    /** Those whose way leads to an account here, for which it does not; and as it was written first. */
    private final Map<Address, Address> accounts = new HashMap<>();
    /** Aliases that were followed, and where they lead. */
    private final Map<Address, List<Address>> followed = new HashMap<>();

    private record Brought(Target target, Destination to) {}

    private Expansion(List<Router> routers) {
        this.routers = routers;
    }

    /** @param done addresses that are cared for elsewhere already */
    static Ways of(List<Target> targets, Leased<Router> routers, Set<Address> done) {
        List<Lease<Router>> leases = routers.all();
        try {
            Expansion expansion = new Expansion(leases.stream().map(Lease::get).toList());
            done.forEach(expansion::done);
            targets.forEach(expansion::follow);
            return expansion.ways;
        } finally {
            leases.forEach(Lease::close);
        }
    }

    private void done(Address address) {
        ends.add(written(address));
        accounts.put(address.folded(), written(address));
    }

    private static Address written(Address address) {
        return address.at(address.folded().domain());
    }

    private void follow(Target target) {
        follow(target, target.recipient(), new LinkedHashSet<>());
        Map<Address, List<Address>> behind = behind(written(target.recipient().address()));
        // It is no end for others: each that leads into the circle is told of it.
        if (behind.isEmpty()) ways.ended().put(target, failed("5.4.6", "the alias leads in a circle"));
        else if (target.attempts() == 0) behind.forEach((end, chain) -> join(target, end, chain));
    }

    /** The ends behind it, be they some that were there before, and what leads to each. Only now is it known of all that stand in a circle. */
    private Map<Address, List<Address>> behind(Address start) {
        Map<Address, List<Address>> behind = new LinkedHashMap<>();
        Map<Address, List<Address>> chains = new HashMap<>(Map.of(start, List.of()));
        Deque<Address> open = new ArrayDeque<>(List.of(start));
        while (!open.isEmpty() && (behind.isEmpty() || ways.joined().size() < MOST)) {
            Address address = open.remove();
            List<Address> chain = chains.get(address);
            if (ends.contains(address)) behind.put(address, chain);
            List<Address> longer =
                    Stream.concat(chain.stream(), Stream.of(address)).toList();
            for (Address next : followed.getOrDefault(address, List.of()))
                if (chains.putIfAbsent(next, longer) == null) open.add(next);
        }
        return behind;
    }

    /** What another brought there is this one's as well, who would be waited for else. */
    private void join(Target target, Address end, List<Address> chain) {
        Brought there = brought.get(end);
        if (there == null || there.target.place() == target.place() || chain.isEmpty()) return;
        if (ways.joined().size() < MOST) ways.joined().add(new Ways.Joined(there.target, there.to, chain));
    }

    private void follow(Target target, Recipient recipient, Set<Address> chain) {
        Address address = written(recipient.address());
        if (ends.contains(address) || followed.containsKey(address)) return;
        if (chain.size() >= DEEPEST) end(target.at(recipient), failed("5.4.6", "too many aliases behind one another"));
        else if (ends.size() >= MOST) end(target, failed("5.5.3", "too many recipients behind an alias"));
        else routed(target, recipient, chain);
    }

    private void routed(Target target, Recipient recipient, Set<Address> chain) {
        Route route;
        try {
            route = route(recipient.address());
        } catch (IOException e) {
            Reply reply = new Reply(451, "4.3.0", "cannot be routed now: " + e.getMessage());
            end(new Target(target.place(), recipient, false, target.attempts()), new Outcome.Deferred("", reply));
            return;
        }
        if (route instanceof Route.Via via) bring(target.at(recipient), via, chain);
        else if (route instanceof Route.Refuse refuse) end(target.at(recipient), refused(refuse.reply()));
        else follow(target, recipient, (Route.Alias) route, chain);
    }

    private void follow(Target target, Recipient recipient, Route.Alias alias, Set<Address> chain) {
        alias.own().ifPresent(own -> bring(target.at(recipient), own, chain));
        boolean first = recipient.equals(target.recipient());
        if (first && target.routed() && alias.own().isPresent()) return;
        Address address = written(recipient.address());
        lead(address, alias.targets());
        chain.add(address);
        for (Address next : alias.targets()) follow(target, known(recipient).to(next), chain);
        chain.remove(address);
    }

    /** A report shall speak of the address that the sender wrote, RFC 3461 4.2. */
    private static Recipient known(Recipient recipient) {
        if (recipient.originalRecipient().isPresent() || recipient.address().international()) return recipient;
        String original = "rfc822;" + Xtext.encode(recipient.address().toString());
        return new Recipient(recipient.address(), recipient.notices(), Optional.of(original));
    }

    private void lead(Address address, List<Address> targets) {
        List<Address> there = followed.computeIfAbsent(address, a -> new ArrayList<>());
        targets.forEach(target -> there.add(written(target)));
    }

    private void bring(Target target, Route.Via via, Set<Address> chain) {
        Address address = target.recipient().address();
        boolean account = Address.parse(via.nextHop()).isPresent();
        Address before = account ? accounts.putIfAbsent(address.folded(), written(address)) : null;
        if (before != null) lead(written(address), List.of(before));
        if (before != null || !ends.add(written(address))) return;
        Destination to = new Destination(via.transport(), via.nextHop());
        ways.open().computeIfAbsent(to, d -> new ArrayList<>()).add(target);
        brought.put(written(address), new Brought(target, to));
        if (!chain.isEmpty()) ways.aliases().put(target, List.copyOf(chain));
    }

    private void end(Target target, Outcome outcome) {
        if (ends.add(written(target.recipient().address()))) ways.ended().put(target, outcome);
    }

    private static Outcome failed(String enhanced, String why) {
        return new Outcome.Failed("", new Reply(554, enhanced, why));
    }

    private static Outcome refused(Reply reply) {
        return reply.permanentFailure() ? new Outcome.Failed("", reply) : new Outcome.Deferred("", reply);
    }

    private Route route(Address address) throws IOException {
        for (Router router : routers) {
            Optional<Route> route = router.route(address);
            if (route.isPresent()) return route.get();
        }
        if (routers.isEmpty()) throw new IOException("there is no router");
        return new Route.Refuse(new Reply(550, "5.4.4", "nothing is known of a way there"));
    }
}
