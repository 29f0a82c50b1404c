package org.posthorn.mailbox;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.MailboxReading;
import org.posthorn.api.mailbox.RightsListener;

/** Who wants to hear of news in which mailboxes. Outlives the accounts in use: a format that is replaced closes those, and sessions go on. */
final class Watches {

    private static final class Listener {
        /** The one that is watched; empty where all of the account are that are meant, and the account itself. */
        private final String mailbox;

        private final Predicate<String> meant;
        private final Consumer<String> told;

        private Listener(String mailbox, Predicate<String> meant, Consumer<String> told) {
            this.mailbox = mailbox;
            this.meant = meant;
            this.told = told;
        }

        private boolean account() {
            return mailbox.isEmpty();
        }
    }

    /** An account that somebody watches. */
    private static final class Watched {
        private final List<Listener> listeners = new CopyOnWriteArrayList<>();
        /** The mailboxes that it had at the last look; none before the first, or when the next is to wake in any case. */
        private volatile Set<String> names = Set.of();
    }

    private final Map<Address, Watched> watches = new ConcurrentHashMap<>();
    private final Leased<RightsListener> rights = new Leased<>();

    /** Until the result is closed it hears of that mailbox, and of annotations. */
    MailboxReading.Watch add(Address account, String mailbox, Runnable listener) {
        return add(account, new Listener(mailbox, mailbox::equals, name -> listener.run()));
    }

    /** The same for all mailboxes that are meant, and for the account, which has an empty name. */
    MailboxReading.Watch add(Address account, Predicate<String> meant, Consumer<String> listener) {
        return add(account, new Listener("", meant, listener));
    }

    private MailboxReading.Watch add(Address account, Listener listener) {
        watches.compute(account, (a, there) -> {
            Watched watched = there == null ? new Watched() : there;
            watched.listeners.add(listener);
            return watched;
        });
        return () -> watches.computeIfPresent(account, (a, watched) -> {
            watched.listeners.remove(listener);
            return watched.listeners.isEmpty() ? null : watched;
        });
    }

    /** Those who hear whenever a user is given other rights. */
    Leased<RightsListener> rights() {
        return rights;
    }

    private Stream<Listener> of(Address account) {
        Watched watched = watches.get(account);
        return watched == null ? Stream.empty() : watched.listeners.stream();
    }

    /** Wakes who watches that mailbox. */
    void tell(Address account, String mailbox) {
        of(account).filter(l -> l.meant.test(mailbox)).forEach(l -> l.told.accept(mailbox));
    }

    /** Wakes who watches any mailbox of an account. */
    void tell(Address account) {
        of(account).forEach(l -> l.told.accept(""));
    }

    /** Wakes who watches the account itself: mailboxes have come or gone, or subscriptions. */
    void restructured(Address account) {
        of(account).filter(Listener::account).forEach(l -> l.told.accept(""));
    }

    /**
     * The account has these mailboxes now: wakes who watches it unless it had them at the last look, however often the account was let go of in between. The
     * first look wakes too, as something may have come since whoever watches has asked for a list.
     */
    void looked(Address account, Set<String> names) {
        Watched watched = watches.get(account);
        if (watched == null || watched.names.equals(names)) return;
        watched.names = names;
        restructured(account);
    }

    /** What everybody finds may be other mailboxes now. Who watches an account is woken with the next look, once: any user can say so in a loop. */
    void foundAnew() {
        watches.values().forEach(watched -> watched.names = Set.of());
    }

    Set<Address> accounts() {
        return watches.keySet();
    }

    /** Whether somebody watches the account itself. */
    boolean any(Address account) {
        return of(account).anyMatch(Listener::account);
    }

    /** The mailboxes of an account that somebody watches: of those that are there, and others that are named. */
    Set<String> mailboxes(Address account, Collection<String> there) {
        List<Listener> all = of(account).toList();
        Stream<String> named = all.stream().filter(l -> !l.account()).map(l -> l.mailbox);
        // One who means it is enough: of a public account many may watch many.
        Stream<String> meant =
                there.stream().filter(name -> all.stream().anyMatch(l -> l.account() && l.meant.test(name)));
        return Stream.concat(named, meant).collect(Collectors.toSet());
    }
}
