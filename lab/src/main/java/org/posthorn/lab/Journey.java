package org.posthorn.lab;

import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** What has happened to the mail so far; what was said behind ten thousand lines is told to who watches and not kept. Safe for several threads; watchers are called one at a time, in the order of what happens. */
final class Journey {

    private static final int MOST = 10_000;

    private final Clock clock;
    private final List<Happening> happened = new ArrayList<>();
    private final List<Consumer<Happening>> watchers = new ArrayList<>();
    private final Set<Hop> reached = EnumSet.noneOf(Hop.class);
    private final Set<Hop> passed = EnumSet.noneOf(Hop.class);

    Journey(Clock clock) {
        this.clock = clock;
    }

    /** Tells it what has happened, and what will. */
    synchronized void watch(Consumer<Happening> watcher) {
        happened.forEach(watcher);
        watchers.add(watcher);
    }

    synchronized void unwatch(Consumer<Happening> watcher) {
        watchers.remove(watcher);
    }

    /** The mail is there; once counts. */
    synchronized void reach(Hop hop) {
        if (reached.add(hop)) add(new Happening.Reached(clock.instant(), hop));
    }

    /** The mail is through; once counts. */
    synchronized void pass(Hop hop, String note) {
        reach(hop);
        if (passed.add(hop)) add(new Happening.Passed(clock.instant(), hop, note));
    }

    synchronized void say(Hop hop, char from, String text) {
        add(new Happening.Said(clock.instant(), hop, from, text));
    }

    synchronized boolean reached(Hop hop) {
        return reached.contains(hop);
    }

    /** Waits until the mail is through there. @throws TimeoutException when it takes longer than so many milliseconds */
    synchronized void await(Hop hop, long millis) throws InterruptedException, TimeoutException {
        long end = System.nanoTime() + millis * 1_000_000;
        while (!passed.contains(hop)) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0)
                throw new TimeoutException("the mail is not through " + hop + " after " + millis / 1000 + " s");
            wait(left);
        }
    }

    private void add(Happening one) {
        if (happened.size() < MOST) happened.add(one);
        watchers.forEach(w -> w.accept(one));
        notifyAll();
    }
}
