package org.posthorn.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * When mail that waits is tried again, RFC 5321 4.5.4.1.
 *
 * @param retry the pauses behind the first attempt, the second, and so on; the last one stays
 * @param maxAge when it is given up
 * @param warnAfter when the sender is told of the delay
 */
record DeliverySchedule(List<Duration> retry, Duration maxAge, Duration warnAfter) {

    private static final double JITTER = 0.1;
    /** For a clock that is put right by a little. */
    private static final Duration SLACK = Duration.ofMinutes(1);

    DeliverySchedule {
        retry = List.copyOf(retry);
    }

    /** The next attempt after so many, spread a little, so that what failed together does not come back together; the last one is at the end. */
    Instant next(Instant arrived, int attempts, Instant now, RandomGenerator random) {
        Duration pause = retry.get(Math.min(Math.max(attempts, 1), retry.size()) - 1);
        Instant next = now.plusMillis((long) (pause.toMillis() * (1 + JITTER * (2 * random.nextDouble() - 1))));
        Instant end = end(arrived);
        return next.isAfter(end) && now.isBefore(end) ? end : next;
    }

    /** A mail that shall be tried again behind that was written down when the clock was wrong: no pause reaches so far. */
    Instant horizon(Instant now) {
        Duration longest = retry.stream().max(Duration::compareTo).orElseThrow();
        return now.plusMillis((long) (longest.toMillis() * (1 + JITTER))).plus(SLACK);
    }

    /** When it is given up. */
    Instant end(Instant arrived) {
        return arrived.plus(maxAge);
    }

    /** Too old, and tried as often as there are pauses: a clock that jumps ahead sends back nothing that was tried but once. */
    boolean expired(Instant arrived, int attempts, Instant now) {
        return attempts >= retry.size() && !now.isBefore(end(arrived));
    }

    boolean late(Instant arrived, Instant now) {
        return !now.isBefore(arrived.plus(warnAfter));
    }
}
