package org.posthorn.imap;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Clients in IDLE look anew when the mailboxes have come into other hands: a few at a time. A look keeps a thread for as long as the new hands are not
 * ready, and is work; those who gave a command are to find a thread meanwhile, and are served first. Safe for several threads.
 */
final class Wakening {

    static final int AT_ONCE = 8;

    /** One that idles. */
    @FunctionalInterface
    interface Sleeper {

        /** The mailboxes are in other hands now; comes back at once. @return ends when it has looked, or has taken long enough for that */
        CompletableFuture<Void> storeChanged();
    }

    private final Set<Sleeper> waiting = new LinkedHashSet<>();
    private int looking;

    /** All these are to look, each once more if it is under way; comes back at once. */
    void begin(Collection<? extends Sleeper> idling) {
        int more;
        synchronized (this) {
            waiting.addAll(idling);
            more = Math.min(AT_ONCE - looking, waiting.size());
            looking += more;
        }
        for (int i = 0; i < more; i++) goOn();
    }

    /** The next one, and when that has looked the one behind it. */
    private void goOn() {
        for (Sleeper next; (next = take()) != null; ) {
            CompletableFuture<Void> looked = next.storeChanged();
            if (looked.isDone()) continue;
            looked.thenRun(this::goOn);
            return;
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
