package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What happened, in order; a test waits for it. */
final class Happenings {

    private final List<String> all = new ArrayList<>();

    synchronized void add(String what) {
        all.add(what);
        notifyAll();
    }

    synchronized List<String> all() {
        return List.copyOf(all);
    }

    /** Waits until it has happened. */
    void await(String what) {
        await(all -> all.contains(what), what);
    }

    synchronized void await(Predicate<List<String>> enough, String what) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        try {
            while (!enough.test(all) && System.nanoTime() < end) wait(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(enough.test(all)).as(what + " happens; so far " + all).isTrue();
    }
}
