package org.posthorn.queue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Message;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.api.spool.Kept;
import org.posthorn.api.spool.KeptMail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for mail whose time has come, when the next is due and at least once a minute. */
final class Waits {

    private static final Logger LOG = LoggerFactory.getLogger(Waits.class);
    /** How much waiting mail is in hand at once; the rest stays in the store. */
    private static final int MOST = 500;

    private static final long SOON_MILLIS = 100;
    private static final long LEAST_MILLIS = 1_000;
    /** What cannot be taken is not to be read over and over. */
    private static final long LEAST_IN_TROUBLE_MILLIS = 10_000;

    private static final long MOST_MILLIS = 60_000;

    private final Engine engine;
    private final Crew crew;
    private final AtomicInteger troubles = new AtomicInteger();
    private volatile Optional<MailId> stuck = Optional.empty();
    private long round;
    private boolean started;
    private boolean woken;

    Waits(Engine engine, Crew crew) {
        this.engine = engine;
        this.crew = crew;
    }

    /** From now on mail is taken out of the store; who wakes it before that is not heard. */
    void start() {
        synchronized (this) {
            started = true;
        }
        engine.whenSomethingWaits(this::wake);
        crew.atClose(engine.parts().stores().onChange(this::wake));
        wake();
    }

    /** Something new may be due, or due earlier than was thought. */
    synchronized void wake() {
        if (!started) return;
        if (!woken) again(SOON_MILLIS);
        woken = true;
    }

    /** Unless somebody has called meanwhile, who must not be forgotten. */
    private synchronized void rest(long millis) {
        if (!woken) again(millis);
    }

    private void again(long millis) {
        long mine = ++round;
        crew.laterMillis(millis, () -> {
            if (begins(mine)) crew.now(this::look);
        });
    }

    private synchronized boolean begins(long mine) {
        if (round != mine) return false;
        woken = false;
        return true;
    }

    private void look() {
        long pause = MOST_MILLIS;
        try (Lease<QueueStore> store = Aftermath.store(engine.parts().stores(), engine.rules())) {
            long least = takeDue(store.get()) ? LEAST_MILLIS : LEAST_IN_TROUBLE_MILLIS;
            pause = pause(store.get().nextDue(), least);
            troubles.set(0);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            // Once is nothing: at the start, the store may come behind the queue.
            if (troubles.incrementAndGet() == 2)
                LOG.warn("Mail that waits cannot be looked for now: {}.", e.toString());
        }
        rest(pause);
    }

    private long pause(Optional<Instant> next, long least) {
        long millis = next.map(
                        n -> Duration.between(engine.clock().instant(), n).toMillis())
                .orElse(MOST_MILLIS);
        return Math.max(least, Math.min(MOST_MILLIS, millis));
    }

    /** Takes what is due into hand. One that cannot be taken now holds up none behind it. @return whether there was none such */
    boolean takeDue(QueueStore store) throws IOException {
        long inHand =
                engine.attempts().stream().filter(a -> a.stored().isPresent()).count();
        if (inHand >= MOST) return true;
        Instant now = engine.clock().instant();
        Instant horizon = engine.rules().schedule().horizon(now);
        List<QueuedMail> mails = new ArrayList<>(store.due(now, MOST));
        mails.addAll(store.dueAfter(horizon, MOST));
        Optional<MailId> first = Optional.empty();
        for (QueuedMail mail : mails) {
            try {
                claim(store, mail.id(), now, horizon);
            } catch (IOException | RuntimeException e) {
                if (first.isEmpty()) tell(mail.id(), e);
                first = first.or(() -> Optional.of(mail.id()));
            }
        }
        stuck = first;
        return first.isEmpty();
    }

    /** Once for each that is the first. */
    private void tell(MailId id, Exception why) {
        if (!stuck.equals(Optional.of(id)))
            LOG.warn(
                    "{}: this mail cannot be taken in hand now ({}); that is tried again, and others do not wait for it.",
                    id,
                    why.toString());
    }

    private void claim(QueueStore store, MailId id, Instant now, Instant horizon) throws IOException {
        if (engine.claim(id))
            begin(
                    store,
                    id,
                    mail -> mail.released(now)
                            && (!mail.next().isAfter(now) || mail.next().isAfter(horizon)));
    }

    private void begin(QueueStore store, MailId id, Predicate<QueuedMail> time) throws IOException {
        boolean begun = false;
        try {
            // What was read before the claim may be over by now, and must not be done twice.
            Optional<QueuedMail> mail = store.get(id);
            boolean due = mail.filter(m -> !m.held() && time.test(m)).isPresent();
            if (due) begun = begin(store, mail.get());
        } finally {
            if (!begun) engine.release(id);
        }
    }

    private boolean begin(QueueStore store, QueuedMail mail) throws IOException {
        try (Lease<KeptMail> octets =
                engine.parts().kept().lease().orElseThrow(() -> new IOException("there is no spool"))) {
            Optional<Message> bytes;
            Kept kept;
            try {
                bytes = octets.get().message(mail.id());
                kept = octets.get().inspect(mail.id());
            } catch (IOException e) {
                putOff(store, mail, e);
                return false;
            }
            boolean good = bytes.isPresent() && kept.whole() && !kept.over();
            if (good) engine.begin(Attempt.later(open(mail, kept), bytes.get()));
            else if (kept.over()) forget(store, octets.get(), mail.id());
            else hold(store, mail, bytes.isPresent());
            return good;
        }
    }

    /** A crash came between the note that some have it and the store. */
    static QueuedMail open(QueuedMail mail, Kept kept) {
        return kept.mail()
                .map(noted -> Changed.open(mail, noted.envelope().recipients()))
                .orElse(mail);
    }

    /** What cannot be read may be well: it is tried again behind its pause, and the attempt that there was not does not count. */
    private void putOff(QueueStore store, QueuedMail mail, IOException why) throws IOException {
        int attempts = mail.attempts().stream()
                .mapToInt(QueuedMail.Attempts::count)
                .max()
                .orElse(0);
        Instant since = mail.envelope().parameters().earliest(mail.arrived());
        Instant next =
                engine.rules().schedule().next(since, attempts, engine.clock().instant(), engine.random());
        LOG.error(
                "{}: the octets of this mail in the spool cannot be read ({}); it stays, and that is tried again at {}.",
                mail.id(),
                why.toString(),
                next);
        store.put(Changed.at(mail, next));
    }

    /** A crash came between the note that nobody waits and the store. */
    private static void forget(QueueStore store, KeptMail octets, MailId id) throws IOException {
        store.remove(id);
        octets.drop(id);
    }

    private static void hold(QueueStore store, QueuedMail mail, boolean there) throws IOException {
        LOG.error(
                "{}: the octets of this mail in the spool are {}; it is held{}",
                mail.id(),
                there ? "damaged" : "gone",
                there ? ", and queue:release sends it as it is." : ".");
        store.put(Changed.held(mail, true));
    }
}
