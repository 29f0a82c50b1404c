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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Entrance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells open connections that their login counts no more. Commands say whose, and {@link Credentials} what was revoked; for what is done elsewhere it looks once a minute at the accounts that have connections open, once at each however many those
 * are, and at those of a new connection a second later for the first time. Whoever enters waits for no directory. Safe for several threads.
 */
@Component(service = VoidLogins.class)
public final class VoidLogins {

    private static final Logger LOG = LoggerFactory.getLogger(VoidLogins.class);

    private static final int LOOK_SECONDS = 60;
    /** How many accounts a look asks for in vain: each may wait as long for the same database. */
    private static final int MOST_FAULTS = 5;

    private final Credentials credentials;
    /** By account, who is to be told. */
    private final Map<Address, Map<Runnable, Open>> all = new HashMap<>();

    /** The accounts of whoever came in since the last look at these. */
    private final Set<Address> entered = new HashSet<>();

    private final AtomicLong era = new AtomicLong();
    private final ScheduledThreadPoolExecutor clock;
    private volatile boolean stopped;

    /**
     * One who is in.
     *
     * @param credential the id of what he logged in by; empty when that was the password itself
     * @param mark stands for the password that was in force then; empty text when it is not known
     */
    private record Open(Optional<String> credential, String mark) {

        boolean by(Set<String> ids) {
            return credential.filter(ids::contains).isPresent();
        }

        boolean underAnother(String now) {
            return !mark.isEmpty() && !mark.equals(now);
        }
    }

    @Activate
    public VoidLogins(@Reference Credentials credentials) {
        this(
                credentials,
                new ScheduledThreadPoolExecutor(1, VoidLogins::thread, new ThreadPoolExecutor.DiscardPolicy()));
    }

    /** @param clock on which it looks; stopped with it */
    VoidLogins(Credentials credentials, ScheduledThreadPoolExecutor clock) {
        this.credentials = credentials;
        this.clock = clock;
        credentials.onRevoked(this::revoked);
    }

    @Activate
    void begin() {
        clock.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    /** Waits for who is asked just now: an interrupt would end the database's connection in the middle of it. */
    @Deactivate
    void stop() throws InterruptedException {
        stopped = true;
        clock.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        clock.shutdown();
        if (!clock.awaitTermination(1, TimeUnit.MINUTES))
            LOG.warn("A look at the logins that are open has not ended within a minute, and is left to itself");
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "void-logins");
        thread.setDaemon(true);
        return thread;
    }

    /** Grows with each account that is ended, and with what is revoked: what was found out about a login before may be wrong then. */
    long era() {
        return era.get();
    }

    /** @return to be run when nobody needs to be told any more */
    Runnable listen(Entrance entrance, Runnable ended) {
        Address account = entrance.account().folded();
        enter(account, ended, new Open(entrance.credential(), ""));
        return () -> forget(account, ended);
    }

    private synchronized void enter(Address account, Runnable ended, Open open) {
        // One runnable may equal another.
        all.computeIfAbsent(account, a -> new IdentityHashMap<>()).put(ended, open);
        if (entered.isEmpty()) clock.schedule(this::lookAtEntered, 1, TimeUnit.SECONDS);
        entered.add(account);
    }

    private synchronized void forget(Address account, Runnable ended) {
        Map<Runnable, Open> there = all.getOrDefault(account, new IdentityHashMap<>());
        there.remove(ended);
        if (there.isEmpty()) all.remove(account);
    }

    /** The account is gone, or has another password: ends what is open. */
    void end(Address owner) {
        Address account = owner.folded();
        List<Runnable> there;
        synchronized (this) {
            era.incrementAndGet();
            there = taken(account, open -> true);
        }
        tell(account, there);
    }

    /** Ends what is open by these of the account, and nothing else. */
    private void revoked(Address account, Set<String> ids) {
        era.incrementAndGet();
        tell(account, taken(account, open -> open.by(ids)));
    }

    private synchronized List<Runnable> taken(Address account, Predicate<Open> which) {
        Map<Runnable, Open> there = all.getOrDefault(account, Map.of());
        List<Runnable> taken = new ArrayList<>();
        there.forEach((end, open) -> {
            if (which.test(open)) taken.add(end);
        });
        taken.forEach(there::remove);
        if (there.isEmpty()) all.remove(account);
        return taken;
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

    private interface Look {
        void at(Address account) throws IOException;
    }

    /** A database that is away hides nothing of what directories tell without it. */
    private void look(Collection<Address> accounts) {
        each(accounts, this::lookAtPassword);
        each(accounts, this::lookAtCredentials);
    }

    private void each(Collection<Address> accounts, Look look) {
        int faults = 0;
        // The same few who cannot be asked for would stand before the same others for ever.
        List<Address> order = new ArrayList<>(accounts);
        Collections.shuffle(order);
        for (Address account : order) {
            if (stopped) return;
            try {
                look.at(account);
            } catch (IOException | RuntimeException e) {
                LOG.debug("Whether the logins of {} still count cannot be told now: {}", account, e.toString());
                if (++faults == MOST_FAULTS) return;
            }
        }
    }

    private void lookAtPassword(Address account) throws IOException {
        long before = era();
        tell(account, outdated(account, credentials.standing(account), before));
    }

    private void lookAtCredentials(Address account) throws IOException {
        Set<String> ids = ids(account);
        if (ids.isEmpty()) return;
        ids.removeAll(credentials.lasting(account));
        tell(account, taken(account, open -> open.by(ids)));
    }

    /** What those are there by who are not by the password itself: whoever comes by something that is made behind this is not among them. */
    private synchronized Set<String> ids(Address account) {
        return all.getOrDefault(account, Map.of()).values().stream()
                .flatMap(open -> open.credential().stream())
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** @return who was there by another password than that, which was in force at some time in that era */
    private synchronized List<Runnable> outdated(Address account, String mark, long before) {
        // It may be the one before, and they have come in by the new one.
        if (era() != before) return List.of();
        List<Runnable> outdated = taken(account, open -> open.underAnother(mark));
        // Whoever has come in since it was asked has a look of his own.
        Map<Runnable, Open> there = all.get(account);
        if (there != null && !entered.contains(account))
            there.replaceAll((end, open) -> new Open(open.credential(), mark));
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
