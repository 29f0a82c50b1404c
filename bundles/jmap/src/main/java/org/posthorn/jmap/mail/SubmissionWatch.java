package org.posthorn.jmap.mail;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.posthorn.api.mail.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, for those who watch what an account sends, when the time of what waits has come, and again and again what became of what is under way: ever later, an eighth of its age, so that each part that
 * knows may be away or be swapped meanwhile. One timer of an account, and none where nobody watches. Safe for several threads.
 */
final class SubmissionWatch {

    private static final Logger LOG = LoggerFactory.getLogger(SubmissionWatch.class);

    private static final Duration NEAR = Duration.ofHours(2);
    private static final Duration SOONEST = Duration.ofMillis(500);
    private static final Duration LATEST = Duration.ofMinutes(1);
    private static final int PART_OF_AGE = 8;

    /** Finds out what there is to know, and tells who watches. */
    interface Look {
        void at(Address account) throws IOException;
    }

    private final Look look;
    private final Outbox outbox;
    private final ScheduledExecutorService timers;

    /** @param timers on which nothing is done but to say that it is time */
    SubmissionWatch(Look look, Outbox outbox, ScheduledExecutorService timers) {
        this.look = look;
        this.outbox = outbox;
        this.timers = timers;
    }

    /** @return ends it */
    Runnable begin(Address account, AccountOutbox mine, Runnable news) {
        Runnable end = mine.watch(news);
        again(account, mine);
        return () -> {
            end.run();
            again(account, mine);
        };
    }

    /** Sets the timer anew. */
    void again(Address account, AccountOutbox mine) {
        mine.timer(() -> mine.isWatched() ? next(mine).flatMap(left -> timer(account, mine, left)) : Optional.empty());
    }

    private Optional<Duration> next(AccountOutbox mine) {
        Clock clock = outbox.clock();
        Instant now = clock.instant();
        return mine.submissions().all().stream()
                .map(e -> new SubmissionRecord(e.object()))
                .filter(SubmissionRecord::isOpen)
                .map(one -> left(one, now))
                .min(Duration::compareTo);
    }

    /** How long nothing is to be found out of one. */
    private static Duration left(SubmissionRecord one, Instant now) {
        Duration age = Duration.between(one.sendAt(), now);
        if (one.isPending() && age.isNegative()) return age.negated();
        Duration pause = age.dividedBy(PART_OF_AGE);
        return pause.compareTo(SOONEST) < 0 ? SOONEST : pause.compareTo(LATEST) > 0 ? LATEST : pause;
    }

    /** Who still watches when what is far off comes near has come back meanwhile, as streams end every hour. */
    private Optional<Future<?>> timer(Address account, AccountOutbox mine, Duration left) {
        if (left.compareTo(NEAR) > 0) return Optional.empty();
        try {
            return Optional.of(timers.schedule(
                    () -> outbox.work(() -> look(account, mine)), left.toMillis() + 1, TimeUnit.MILLISECONDS));
        } catch (RejectedExecutionException e) {
            LOG.debug("The streams end, and their clients look anew: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** Looks now, and sets the timer anew. */
    void look(Address account, AccountOutbox mine) {
        try {
            look.at(account);
        } catch (IOException | RuntimeException e) {
            LOG.warn("What became of mail that {} sent cannot be looked at now: {}", account, e.toString());
        } finally {
            again(account, mine);
        }
    }
}
