package org.posthorn.jmap;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Makes one look of many signs that come at about the same time. Safe for several threads. */
final class Gathering implements Runnable {

    /** Somebody who saves a draft changes things all the time; and many hear of one change. */
    private static final int MILLIS = 100;

    private final ScheduledExecutorService clock;
    private final Runnable look;
    private final AtomicBoolean waiting = new AtomicBoolean();

    /** @param look done on the clock */
    Gathering(ScheduledExecutorService clock, Runnable look) {
        this.clock = clock;
        this.look = look;
    }

    /** A sign. */
    @Override
    public void run() {
        if (!waiting.compareAndSet(false, true)) return;
        try {
            clock.schedule(this::look, MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            waiting.set(true);
        }
    }

    private void look() {
        waiting.set(false);
        look.run();
    }
}
