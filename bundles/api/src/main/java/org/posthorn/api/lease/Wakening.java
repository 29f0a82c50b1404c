package org.posthorn.api.lease;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Many look anew when a service has come into other hands: a few at a time. A look keeps a thread for as long as the new hands are not ready, and is work
 * for classes that are not warm yet; those who have something to do are to find a thread and a processor meanwhile. Safe for several threads.
 */
public final class Wakening {

    /** For one look. Its thread may be at other work, or be waited for; the others go on then. */
    private static final long MOST_MILLIS = 1000;

    /** One that looks. */
    @FunctionalInterface
    public interface Sleeper {

        /** Has it look; comes back at once. @return ends when it has looked, or after that time */
        CompletableFuture<Void> wake(long mostMillis);
    }

    private final int atOnce;
    private final Consumer<Throwable> late;
    private final Set<Sleeper> waiting = new LinkedHashSet<>();
    private int looking;

    /**
     * @param atOnce so many look at the same time
     * @param late told why one cannot be woken just now, for want of a thread perhaps; the others go on
     */
    public Wakening(int atOnce, Consumer<Throwable> late) {
        this.atOnce = atOnce;
        this.late = late;
    }

    /** All these are to look, each once more if it does so just now; comes back at once. */
    public void begin(Collection<? extends Sleeper> sleepers) {
        int more;
        synchronized (this) {
            waiting.addAll(sleepers);
            more = Math.min(atOnce - looking, waiting.size());
            looking += more;
        }
        for (int i = 0; i < more; i++) goOn();
    }

    private void goOn() {
        try {
            next();
        } catch (RuntimeException | Error e) {
            // For want of memory: the place is another's then.
            synchronized (this) {
                looking--;
            }
            throw e;
        }
    }

    /** The next one, and when that has looked the one behind it. */
    private void next() {
        for (Sleeper next; (next = take()) != null; ) {
            CompletableFuture<Void> looked = wake(next);
            if (looked.isDone()) continue;
            looked.thenRun(this::goOn);
            return;
        }
    }

    private CompletableFuture<Void> wake(Sleeper next) {
        try {
            return next.wake(MOST_MILLIS);
        } catch (RuntimeException | OutOfMemoryError e) {
            late.accept(e);
            return CompletableFuture.completedFuture(null);
        }
    }

    private synchronized Sleeper take() {
        if (waiting.isEmpty()) {
            looking--;
            return null;
        }
        Sleeper next = waiting.iterator().next();
        waiting.remove(next);
        return next;
    }
}
