package org.posthorn.net;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** One piece of work that any thread may ask for, and that never runs on two threads at once. */
final class Serial implements Runnable {

    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final Executor workers;
    private final Runnable turn;
    private final AtomicInteger asked = new AtomicInteger();
    /** Told when the turn has run; done when nobody is to be told. */
    private final AtomicReference<CompletableFuture<Void>> ran = new AtomicReference<>(DONE);

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

    /** The same. @return ends when the turn has run, or after that time; at once where it runs already, because that may take long */
    CompletableFuture<Void> wake(long mostMillis) {
        CompletableFuture<Void> now = new CompletableFuture<>();
        if (asked.get() > 0) now.complete(null);
        else
            ran.getAndSet(now.completeOnTimeout(null, mostMillis, TimeUnit.MILLISECONDS))
                    .complete(null);
        wake();
        return now;
    }

    @Override
    public void run() {
        int seen = asked.get();
        do {
            turn.run();
            if (ran.get() != DONE) ran.getAndSet(DONE).complete(null);
            seen = asked.addAndGet(-seen);
        } while (seen != 0);
    }
}
