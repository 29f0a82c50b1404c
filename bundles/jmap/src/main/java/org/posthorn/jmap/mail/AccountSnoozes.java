package org.posthorn.jmap.mail;

import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.jmap.ObjectLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is kept of the Emails that one user has snoozed. Who puts one to sleep, or wakes it, holds this as a lock from the look at the record to the end of the move. Of those that are over, the last
 * are remembered, since lists show them by the time at which they came back. Reading waits for nobody.
 */
final class AccountSnoozes {

    private static final Logger LOG = LoggerFactory.getLogger(AccountSnoozes.class);

    /** So many may sleep, and so many are remembered. */
    static final int MOST = 2_000;

    /** @param at its number in the log */
    private record Kept(long at, Snooze snooze) {}

    private final ObjectLog log;
    private final Map<Long, Kept> all = new ConcurrentHashMap<>();

    AccountSnoozes(ObjectLog log) {
        this.log = log;
        log.all().forEach(this::take);
    }

    private void take(ObjectLog.Entry entry) {
        try {
            Snooze snooze = Snooze.of(entry.object());
            all.put(snooze.number(), new Kept(entry.number(), snooze));
        } catch (IOException e) {
            LOG.warn("A record of snoozed mail makes no sense and is left alone: {}", e.getMessage());
        }
    }

    /** @param number of an EMAILID */
    Optional<Snooze> get(long number) {
        return Optional.ofNullable(all.get(number)).map(Kept::snooze);
    }

    List<Snooze> all(Predicate<Snooze> which) {
        return all.values().stream()
                .map(Kept::snooze)
                .filter(which)
                .sorted(Comparator.comparing(one -> one.details().until()))
                .toList();
    }

    /** When the next is to be woken. */
    Optional<Instant> next() {
        return all(one -> !one.over()).stream().findFirst().map(one -> one.details()
                .until());
    }

    /** When an Email comes back, or has come back, from its sleep; of others, when they came. */
    Instant time(Email email) {
        return get(email.number())
                .filter(one -> one.over() || one.isAsleep(email))
                .map(one -> one.details().until())
                .orElse(Metadata.receivedAt(email));
    }

    /** Makes room for one more: the first that goes is what came back longest ago; then what somebody took away while it slept. @return whether there is any */
    boolean hasRoom(MailView mail) throws IOException {
        for (Snooze one : all(Snooze::over)) if (isFull()) remove(one.number());
        if (!isFull()) return true;
        List<Snooze> sleeping = all(one -> !one.over());
        Map<String, Email> emails = mail.emails(
                sleeping.stream().map(one -> ObjectId.email(one.number())).toList());
        for (Snooze one : sleeping) {
            Email email = emails.get(ObjectId.email(one.number()));
            if (email == null || !one.isAsleep(email)) remove(one.number());
        }
        return !isFull();
    }

    private boolean isFull() {
        return all.size() >= MOST;
    }

    /** In the place of what is known of that Email; forced. */
    synchronized void put(Snooze snooze) throws IOException {
        Kept before = all.get(snooze.number());
        if (before == null) all.put(snooze.number(), new Kept(log.add(snooze.json()), snooze));
        else {
            log.put(before.at, snooze.json());
            all.put(snooze.number(), new Kept(before.at, snooze));
        }
    }

    /** Forced. @param number of an EMAILID */
    synchronized void remove(long number) throws IOException {
        Kept kept = all.get(number);
        if (kept == null) return;
        log.remove(kept.at);
        all.remove(number);
    }
}
