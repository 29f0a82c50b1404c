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
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.MailboxReading;

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

    private final Map<Address, List<Listener>> watches = new ConcurrentHashMap<>();

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
            List<Listener> own = there == null ? new CopyOnWriteArrayList<>() : there;
            own.add(listener);
            return own;
        });
        return () -> watches.computeIfPresent(account, (a, own) -> {
            own.remove(listener);
            return own.isEmpty() ? null : own;
        });
    }

    private Stream<Listener> of(Address account) {
        return watches.getOrDefault(account, List.of()).stream();
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

    Set<Address> accounts() {
        return watches.keySet();
    }

    /** Whether somebody watches the account itself. */
    boolean any(Address account) {
        return of(account).anyMatch(Listener::account);
    }

    /** The mailboxes of an account that somebody watches: of those that are there, and others that are named. */
    Set<String> mailboxes(Address account, Collection<String> there) {
        return of(account)
                .flatMap(l -> l.account() ? there.stream().filter(l.meant) : Stream.of(l.mailbox))
                .collect(Collectors.toSet());
    }
}
