package org.posthorn.intake;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** What is remembered of the failures of a filter or router: after three in a row it is left alone for a while. */
final class Breaker {

    private static final int ENOUGH = 3;

    private final Clock clock;
    private int inARow;
    private long failures;
    private Instant closedFrom = Instant.MIN;
    private String last = "";

    Breaker(Clock clock) {
        this.clock = clock;
    }

    /** @param failures since the start @param openUntil empty when the filter is asked */
    record State(long failures, String openUntil, String last) {}

    synchronized boolean open() {
        return clock.instant().isBefore(closedFrom);
    }

    synchronized void worked() {
        inARow = 0;
    }

    /** Another is in its place, which is asked. */
    synchronized void renew() {
        inARow = 0;
        closedFrom = Instant.MIN;
    }

    /** @return whether it is left alone from now on */
    synchronized boolean failed(String why, Duration pause) {
        failures++;
        last = why;
        if (++inARow < ENOUGH) return false;
        // One more failure behind the pause is enough to open it again.
        inARow = ENOUGH - 1;
        closedFrom = clock.instant().plus(pause);
        return true;
    }

    synchronized State state() {
        return new State(failures, open() ? closedFrom.toString() : "", last);
    }
}
