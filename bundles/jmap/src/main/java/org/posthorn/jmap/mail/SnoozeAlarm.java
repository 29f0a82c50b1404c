package org.posthorn.jmap.mail;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.MailboxStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes snoozed Emails when their time comes, or has come while the server was down. One timer is set, to the next of all accounts and a minute at most, so that a clock which is set is noticed; the
 * work is done on a thread of its own, which is there while there is any. Safe for several threads.
 */
public final class SnoozeAlarm implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SnoozeAlarm.class);

    /** What the mailboxes refuse, or cannot do, is tried again behind so long; it is the longest time to the next look as well. */
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private static final Duration LEAST = Duration.ofMillis(1);

    /** While the version before still has what is kept. */
    private static final Duration SOON = Duration.ofMillis(200);

    private final Snoozes snoozes;
    private final Awakening awakening;
    private final ScheduledExecutorService clock;
    private final ThreadPoolExecutor worker;
    private final Map<Address, Instant> next = new ConcurrentHashMap<>();
    private final Set<Address> troubled = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean asked = new AtomicBoolean();
    private final Runnable unlisten;
    private Optional<Future<?>> timer = Optional.empty();
    private boolean read;
    private volatile boolean closed;

    /** @param clock on which nothing is done but to say that it is time */
    public SnoozeAlarm(Snoozes snoozes, Leased<MailboxStore> stores, ScheduledExecutorService clock) {
        this.snoozes = snoozes;
        this.awakening = new Awakening(snoozes, stores, new Digests());
        this.clock = clock;
        worker = new ThreadPoolExecutor(
                1, 1, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> new Thread(work, "jmap-snooze"));
        worker.allowCoreThreadTimeOut(true);
        snoozes.listen(account -> {
            note(account);
            ask();
        });
        unlisten = stores.onChange(this::ask);
        ask();
    }

    /** Has one look soon, on any thread. */
    private void ask() {
        if (!asked.compareAndSet(false, true)) return;
        try {
            worker.execute(this::look);
        } catch (RejectedExecutionException e) {
            LOG.debug("It is closed, and the next version looks: {}", e.getMessage());
        }
    }

    private void look() {
        asked.set(false);
        if (snoozes.waits()) {
            arm(SOON);
            return;
        }
        if (!read) read = known();
        Set<Address> late = new HashSet<>();
        Instant now = snoozes.now();
        for (Map.Entry<Address, Instant> each : next.entrySet())
            if (!each.getValue().isAfter(now) && !closed && !woken(each.getKey())) late.add(each.getKey());
        arm(left(late));
    }

    /** Whether one knows what was there at the start. */
    private boolean known() {
        try {
            return snoozes.sleepers(this::note);
        } catch (IOException e) {
            LOG.error("Which mail was snoozed before cannot be read, and none of it is woken: {}", e.toString());
            return false;
        }
    }

    /** How long nothing is to be done. @param late the accounts that have to wait */
    private Duration left(Set<Address> late) {
        Instant now = snoozes.now();
        Duration left = next.entrySet().stream()
                .filter(each -> !late.contains(each.getKey()))
                .map(each -> Duration.between(now, each.getValue()))
                .min(Duration::compareTo)
                .orElse(LONGEST);
        return left.compareTo(LONGEST) > 0 ? LONGEST : left.compareTo(LEAST) < 0 ? LEAST : left;
    }

    private void note(Address account) {
        try {
            snoozes.of(account).next().ifPresentOrElse(until -> next.put(account, until), () -> next.remove(account));
        } catch (IOException e) {
            LOG.warn("When mail of {} is to be woken cannot be told: {}", account, e.toString());
        }
    }

    /** @return whether nothing is left that is due */
    private boolean woken(Address account) {
        try {
            boolean all = awakening.all(account, () -> !closed);
            if (all) troubled.remove(account);
            return all;
        } catch (IOException | RuntimeException e) {
            if (troubled.add(account))
                LOG.warn("Snoozed mail of {} cannot be woken now; it is tried each minute: {}", account, e.toString());
            return false;
        } finally {
            note(account);
        }
    }

    private synchronized void arm(Duration wait) {
        timer.ifPresent(t -> t.cancel(false));
        timer = Optional.empty();
        if (closed || next.isEmpty() && read) return;
        try {
            timer = Optional.of(clock.schedule(this::ask, wait.toMillis(), TimeUnit.MILLISECONDS));
        } catch (RejectedExecutionException e) {
            LOG.debug("The next version wakes what sleeps: {}", e.getMessage());
        }
    }

    /** Ends behind the move that is under way. */
    @Override
    public void close() {
        closed = true;
        unlisten.run();
        arm(LONGEST);
        worker.shutdown();
        try {
            if (!worker.awaitTermination(LONGEST.toSeconds(), TimeUnit.SECONDS))
                LOG.error("A snoozed mail is still being moved");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
