package org.posthorn.imap;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who watches looks anew when the mailboxes, or the session, have come into other hands: a few at a time. A look keeps a thread for as long as the new
 * hands are not ready, and is work for classes that are not warm yet; those who gave a command are to find a thread meanwhile. Safe for several threads.
 */
final class Wakening {

    private static final Logger LOG = LoggerFactory.getLogger(Wakening.class);

    static final int AT_ONCE = 8;
    /** For one look. Its connection may be gone, or wait for a thread; the others go on then. */
    private static final long MOST_MILLIS = 1000;

    /** One that watches. */
    @FunctionalInterface
    interface Sleeper {

        /** Has it look; comes back at once. @return ends when it has looked, or after that time */
        CompletableFuture<Void> wake(long mostMillis);
    }

    private final Set<Sleeper> waiting = new LinkedHashSet<>();
    private int looking;

    /** All these are to look, each once more if it does so just now; comes back at once. */
    void begin(Collection<? extends Sleeper> sleepers) {
        int more;
        synchronized (this) {
            waiting.addAll(sleepers);
            more = Math.min(AT_ONCE - looking, waiting.size());
            looking += more;
        }
        for (int i = 0; i < more; i++) goOn();
    }

    /** The next one, and when that has looked the one behind it. */
    private void goOn() {
        for (Sleeper next; (next = take()) != null; ) {
            CompletableFuture<Void> looked = wake(next);
            if (looked.isDone()) continue;
            looked.thenRun(this::goOn);
            return;
        }
    }

    /** For want of a thread one may not be woken just now: it has its task, and the others go on. */
    private static CompletableFuture<Void> wake(Sleeper next) {
        try {
            return next.wake(MOST_MILLIS);
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.warn("One who watches mailboxes is woken late: {}", e.toString());
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
