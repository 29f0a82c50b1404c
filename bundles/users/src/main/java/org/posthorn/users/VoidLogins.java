package org.posthorn.users;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.mail.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells open connections that their login counts no more. Commands say whose; for what is done elsewhere it looks once a minute at the accounts that have connections open, once at each however many those
 * are, and at those of a new connection a second later for the first time. Whoever enters waits for no directory. Safe for several threads.
 */
@Component(service = VoidLogins.class)
public final class VoidLogins {

    private static final Logger LOG = LoggerFactory.getLogger(VoidLogins.class);

    private static final int LOOK_SECONDS = 60;
    /** How many accounts a look asks for in vain: each may wait as long for the same database. */
    private static final int MOST_FAULTS = 5;

    private final Credentials credentials;
    /** By account, who is to be told, each with what stands for the password by which it is there; empty text when that is not known. */
    private final Map<Address, Map<Runnable, String>> all = new HashMap<>();

    /** The accounts of whoever came in since the last look at these. */
    private final Set<Address> entered = new HashSet<>();

    private final AtomicLong era = new AtomicLong();
    private final ScheduledThreadPoolExecutor clock =
            new ScheduledThreadPoolExecutor(1, VoidLogins::thread, new ThreadPoolExecutor.DiscardPolicy());

    @Activate
    public VoidLogins(@Reference Credentials credentials) {
        this.credentials = credentials;
    }

    @Activate
    void begin() {
        clock.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    @Deactivate
    void stop() {
        clock.shutdownNow();
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "void-logins");
        thread.setDaemon(true);
        return thread;
    }

    /** Grows with each account that is ended: what was found out about a password before may be wrong then. */
    long era() {
        return era.get();
    }

    /** @return to be run when nobody needs to be told any more */
    Runnable listen(Address owner, Runnable ended) {
        Address account = owner.folded();
        enter(account, ended);
        return () -> forget(account, ended);
    }

    private synchronized void enter(Address account, Runnable ended) {
        // One runnable may equal another.
        all.computeIfAbsent(account, a -> new IdentityHashMap<>()).put(ended, "");
        if (entered.isEmpty()) clock.schedule(this::lookAtEntered, 1, TimeUnit.SECONDS);
        entered.add(account);
    }

    private synchronized void forget(Address account, Runnable ended) {
        Map<Runnable, String> there = all.getOrDefault(account, new IdentityHashMap<>());
        there.remove(ended);
        if (there.isEmpty()) all.remove(account);
    }

    /** The account is gone, or has another password: ends what is open. */
    void end(Address owner) {
        Address account = owner.folded();
        Map<Runnable, String> there;
        synchronized (this) {
            era.incrementAndGet();
            there = all.remove(account);
        }
        if (there != null) tell(account, List.copyOf(there.keySet()));
    }

    /** Looks at all accounts that have connections open. */
    void look() {
        look(accounts());
    }

    private synchronized List<Address> accounts() {
        return List.copyOf(all.keySet());
    }

    /** Finds out by which passwords they are there who have come in. */
    void lookAtEntered() {
        look(takeEntered());
    }

    private synchronized List<Address> takeEntered() {
        List<Address> accounts = List.copyOf(entered);
        entered.clear();
        return accounts;
    }

    private void look(Collection<Address> accounts) {
        int faults = 0;
        // The same few who cannot be asked for would stand before the same others for ever.
        List<Address> order = new ArrayList<>(accounts);
        Collections.shuffle(order);
        for (Address account : order) {
            try {
                look(account);
            } catch (IOException | RuntimeException e) {
                LOG.debug("Whether the password of {} is another cannot be told now: {}", account, e.toString());
                if (++faults == MOST_FAULTS) return;
            }
        }
    }

    private void look(Address account) throws IOException {
        long before = era();
        tell(account, outdated(account, credentials.standing(account), before));
    }

    /** @return who was there by another password than that, which was in force at some time in that era */
    private synchronized List<Runnable> outdated(Address account, String mark, long before) {
        Map<Runnable, String> there = all.getOrDefault(account, Map.of());
        // It may be the one before, and they have come in by the new one.
        if (era() != before || there.isEmpty()) return List.of();
        List<Runnable> outdated = new ArrayList<>();
        there.forEach((end, by) -> {
            if (!by.isEmpty() && !by.equals(mark)) outdated.add(end);
        });
        outdated.forEach(there::remove);
        // Whoever has come in since it was asked has a look of his own.
        if (!entered.contains(account)) there.replaceAll((end, by) -> mark);
        if (there.isEmpty()) all.remove(account);
        return outdated;
    }

    private static void tell(Address account, List<Runnable> ends) {
        if (!ends.isEmpty()) LOG.info("The logins of {} count no more: {} connections end", account, ends.size());
        for (Runnable end : ends) {
            try {
                end.run();
            } catch (RuntimeException e) {
                LOG.error("A connection of {} cannot be ended", account, e);
            }
        }
    }
}
