package org.posthorn.jmap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.MailboxReading;
import org.posthorn.api.mailbox.MailboxStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The states of what a user has and of what others share with him, and when they may be others, RFC 8620 7.1: one for each way by which he is told. Safe for several threads, but for {@link #states}, which
 * is called by one at a time.
 */
final class StateWatch {

    private static final Logger LOG = LoggerFactory.getLogger(StateWatch.class);

    private final Address user;
    private final Services services;
    private final Runnable news;
    private final StateReader reader;
    private final Set<Address> heard = ConcurrentHashMap.newKeySet();
    /** Others may share other mailboxes with him by now. */
    private final AtomicBoolean anew = new AtomicBoolean(true);

    private AccountStates known = AccountStates.NONE;
    private MailboxReading.Watch watch = () -> {};
    private SharedWatch shared = SharedWatch.none();
    private final List<Runnable> unwatch = new ArrayList<>();
    private boolean over;

    /** @param news called, on any thread and perhaps often, when there is something to look at */
    StateWatch(Address user, Services services, Runnable news) {
        this.user = user;
        this.services = services;
        this.news = news;
        this.reader = new StateReader(user, services);
    }

    /** Watches the mailboxes that are there now: others may have come in the place of those before. @return whether it does */
    synchronized boolean begin() {
        unwatch();
        anew.set(true);
        if (over) return false;
        for (Capability capability : services.methods().capabilities().values())
            unwatch.add(capability.watch(user, () -> hear(user)));
        try (Lease<MailboxStore> store = services.stores().lease().orElse(null)) {
            if (store == null) return false;
            watch = store.get().account(user).watch(name -> true, name -> hear(user, name));
            shared = SharedWatch.begin(store.get(), user, this::hear);
            return true;
        } catch (IOException e) {
            LOG.warn("The mailboxes of {} cannot be watched: {}", user, e.getMessage());
            return false;
        }
    }

    /** An account itself has an empty name: what it has, or who may do what with it, is another now. */
    private void hear(Address account, String mailbox) {
        if (mailbox.isEmpty()) anew.set(true);
        hear(account);
    }

    private void hear(Address account) {
        heard.add(account);
        news.run();
    }

    private synchronized void watchShared() {
        if (over) return;
        try (Lease<MailboxStore> store = services.stores().lease().orElse(null)) {
            if (store == null || shared.isOf(store.get(), user)) return;
            SharedWatch before = shared;
            shared = SharedWatch.begin(store.get(), user, this::hear);
            before.close();
        } catch (IOException e) {
            LOG.warn("What others share with {} cannot be watched: {}", user, e.getMessage());
        }
    }

    private void unwatch() {
        watch.close();
        watch = () -> {};
        shared.close();
        shared = SharedWatch.none();
        unwatch.forEach(Runnable::run);
        unwatch.clear();
    }

    /** Watches no more, for good. */
    synchronized void end() {
        over = true;
        unwatch();
    }

    /** As they are now: of the accounts that gave a sign they are read. */
    AccountStates states() {
        known = anew.getAndSet(false) ? all() : some();
        // It is asked for with the next look.
        heard.addAll(reader.broken());
        return known;
    }

    private AccountStates all() {
        watchShared();
        heard.clear();
        Optional<AccountStates> all = reader.all(known);
        if (all.isEmpty()) anew.set(true);
        return all.orElse(known);
    }

    private AccountStates some() {
        // Before they are read: what comes then is a sign of its own.
        Set<Address> signs = new HashSet<>(heard);
        heard.removeAll(signs);
        return signs.isEmpty() ? known : reader.of(signs, known);
    }

    /** Whether there is more to be read than could be. */
    boolean isBehind() {
        return anew.get() || !heard.isEmpty();
    }
}
