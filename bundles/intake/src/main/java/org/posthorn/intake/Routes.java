package org.posthorn.intake;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.routing.Route;
import org.posthorn.api.routing.Router;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the routers whether an address leads anywhere. Where, is the queue's to ask again: this is for the reply alone. */
final class Routes {

    /** So many addresses of an alias are looked at, to find one that leads somewhere. */
    private static final int MANY = 100;

    private static final Reply NO_RELAY = new Reply(550, "5.7.1", "Relaying denied: log in first");
    private static final Reply NOWHERE = new Reply(550, "5.1.1", "No such recipient here");
    private static final Reply LOOP = new Reply(550, "5.4.6", "The alias leads nowhere but to itself");

    /** Behind this time a router that could not tell is asked once more. */
    private static final long MOMENT_MILLIS = 200;

    /** One that took longer has waited itself for what it asks. */
    private static final long SOON_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Logger log = LoggerFactory.getLogger(Routes.class);

    private final Leased<Router> routers;
    private final Watchdog watchdog;

    Routes(Leased<Router> routers, Watchdog watchdog) {
        this.watchdog = watchdog;
        this.routers = routers;
    }

    /** What the watchdog calls a router: by its bundle. */
    static String plugin(Router router) {
        return "router " + router.getClass().getPackageName();
    }

    /**
     * What an address comes to.
     *
     * @param refusal why it is not taken; empty when it is
     * @param end where it leads when it is taken, if that is one place
     */
    record Found(Optional<Reply> refusal, Optional<Route.Via> end) {

        private static Found refused(Reply reply) {
            return new Found(Optional.of(reply), Optional.empty());
        }
    }

    /** Nobody could tell, for now. */
    private static final class Untold extends NoVerdict {
        private static final long serialVersionUID = 1;

        Untold(String why) {
            super(why);
        }
    }

    /**
     * Asks about an address; where a router cannot tell, once more in a moment: what it asks in turn may just be changing.
     *
     * @param login whether the client has logged in, and so may write to anybody
     * @throws NoVerdict also when a router cannot tell now, which is no failure of it
     */
    Found ask(Address address, boolean login) throws NoVerdict {
        long begun = System.nanoTime();
        try {
            return askNow(address, login);
        } catch (Untold e) {
            if (System.nanoTime() - begun > SOON_NANOS) throw e;
            log.info("Where <{}> leads cannot be told and is asked once more: {}", address, e.getMessage());
            pause();
            return askNow(address, login);
        }
    }

    private static void pause() throws NoVerdict {
        try {
            Thread.sleep(MOMENT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoVerdict("the server is going down");
        }
    }

    private Found askNow(Address address, boolean login) throws NoVerdict {
        List<Lease<Router>> all = routers.all();
        try {
            // To deny relaying would be a word for good.
            if (all.isEmpty()) throw new Untold("routing is missing");
            List<Router> bestFirst = all.stream().map(Lease::get).toList();
            return watchdog.watch(turn -> found(address, login, new Asking(bestFirst, turn)));
        } finally {
            all.forEach(Lease::close);
        }
    }

    private static Found found(Address address, boolean login, Asking asking) throws NoVerdict {
        Optional<Route> route = asking.route(address);
        if (route.isEmpty()) return Found.refused(login ? NOWHERE : NO_RELAY);
        if (route.get() instanceof Route.Via via)
            return via.ours() || login ? new Found(Optional.empty(), Optional.of(via)) : Found.refused(NO_RELAY);
        if (route.get() instanceof Route.Alias alias) return new Found(deadEnd(alias, asking), Optional.empty());
        return Found.refused(((Route.Refuse) route.get()).reply());
    }

    /** The routers that are there, asked one after the other. */
    private record Asking(List<Router> routers, Watchdog.Turn turn) {

        Optional<Route> route(Address address) throws NoVerdict {
            for (Router router : routers) {
                turn.of(plugin(router));
                Optional<Route> route = Routes.route(address, router);
                if (route.isPresent()) return route;
            }
            return Optional.empty();
        }
    }

    private static Optional<Route> route(Address address, Router router) throws NoVerdict {
        try {
            return router.route(address);
        } catch (IOException e) {
            throw new Untold("routing failed: " + e);
        }
    }

    /** Empty as soon as one target leads somewhere; whom we alias to a stranger is our own affair. */
    private static Optional<Reply> deadEnd(Route.Alias alias, Asking asking) throws NoVerdict {
        if (alias.own().isPresent()) return Optional.empty();
        Deque<Address> open = new ArrayDeque<>(alias.targets());
        Set<Address> seen = new HashSet<>();
        Reply refusal = LOOP;
        while (!open.isEmpty() && seen.size() < MANY) {
            Address next = open.removeFirst();
            if (!seen.add(next.folded())) continue;
            Optional<Route> route = asking.route(next);
            if (route.isEmpty()) continue;
            if (leads(route.get())) return Optional.empty();
            if (route.get() instanceof Route.Alias further) open.addAll(further.targets());
            if (route.get() instanceof Route.Refuse refuse && refusal == LOOP) refusal = refuse.reply();
        }
        return Optional.of(refusal);
    }

    private static boolean leads(Route route) {
        return route instanceof Route.Via
                || route instanceof Route.Alias alias && alias.own().isPresent();
    }
}
