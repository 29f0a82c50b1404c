package org.posthorn.net;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** One piece of work that any thread may ask for, and that never runs on two threads at once. */
final class Serial implements Runnable {

    private final Executor workers;
    private final Runnable turn;
    private final AtomicInteger asked = new AtomicInteger();

    Serial(Executor workers, Runnable turn) {
        this.workers = workers;
        this.turn = turn;
    }

    /** The turn runs once more, begun after this call. */
    void wake() {
        if (asked.getAndIncrement() > 0) return;
        try {
            workers.execute(this);
        } catch (RuntimeException | OutOfMemoryError e) {
            // No thread was to be had: the next wake shall try again.
            asked.set(0);
            throw e;
        }
    }

    @Override
    public void run() {
        int seen = asked.get();
        do {
            turn.run();
            seen = asked.addAndGet(-seen);
        } while (seen != 0);
    }
}
