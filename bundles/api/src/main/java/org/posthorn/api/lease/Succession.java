package org.posthorn.api.lease;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Something that one keeper alone may have at a time, such as the files of a folder. When a bundle is swapped, the new version begins beside
 * the old one and is given calls before the old one has let go: they wait here, for as long as that takes. So nobody ever finds the service
 * missing. Safe for several threads.
 */
public final class Succession<T> {

    /** Opens it. */
    @FunctionalInterface
    public interface Opener<T> {

        /**
         * @param before how many had it before in this process; what they gave out may still be in use
         * @throws IOException when that cannot be done; whoever asks for it is told so
         */
        T open(int before) throws IOException;
    }

    private record Turn(Semaphore free, AtomicInteger taken) {
        Turn() {
            this(new Semaphore(1, true), new AtomicInteger());
        }
    }

    /** Outlives the bundles that wait for each other, because this package does. */
    private static final Map<String, Turn> TURNS = new ConcurrentHashMap<>();

    /** Longer than {@link Leased} waits for calls that run on the one before. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final String what;
    private final Opener<T> opener;
    private final Turn turn;
    private final CompletableFuture<T> held = new CompletableFuture<>();
    private final Thread waiting;
    private boolean opening;
    private boolean closed;

    private Succession(String what, Opener<T> opener) {
        this.what = what;
        this.opener = opener;
        this.turn = TURNS.computeIfAbsent(what, w -> new Turn());
        this.waiting = new Thread(this::await, "succession " + what);
        waiting.setDaemon(true);
    }

    /**
     * Opens it on this thread if nobody has it; else on another, as soon as the one before has closed it.
     *
     * @param what what it is, the same for all keepers of it in this process: a name and a path
     */
    public static <T> Succession<T> begin(String what, Opener<T> opener) {
        Succession<T> succession = new Succession<>(what, opener);
        if (succession.turn.free.tryAcquire()) succession.open();
        else succession.waiting.start();
        return succession;
    }

    private void await() {
        try {
            turn.free.acquire();
            if (stillWanted()) open();
            else {
                turn.free.release();
                held.cancel(false);
            }
        } catch (InterruptedException e) {
            // Only close() does that, and only to a thread that has not got its turn.
            held.cancel(false);
        }
    }

    /** From then on it is opened, and not interrupted: Derby, for one, does not survive that. */
    private synchronized boolean stillWanted() {
        opening = !closed;
        return opening;
    }

    private void open() {
        try {
            held.complete(opener.open(turn.taken.getAndIncrement()));
        } catch (IOException | RuntimeException | Error e) {
            // Whatever it was, the next in must not wait for ever.
            turn.free.release();
            held.completeExceptionally(e);
        }
    }

    /** Whether it still is another's. */
    public boolean waits() {
        return !held.isDone();
    }

    /** Whether another waits for it, and goes on with what it was used for. */
    public boolean awaited() {
        return turn.free.hasQueuedThreads();
    }

    /**
     * It, when it is ours; waits while it is another's, at most a minute and a half.
     *
     * @throws IOException what opening it threw, that the one before does not let go of it, or that this is closed
     */
    public T get() throws IOException {
        try {
            return held.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (CancellationException e) {
            throw new IOException(what + " is closed", e);
        } catch (TimeoutException e) {
            throw new IOException("the version before has not let go of " + what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + what, e);
        }
    }

    /**
     * Closes it, if it was opened, and lets the next in. One that still waits for its turn gives it up.
     *
     * @param closer called on this thread, in the first call of this alone; what it throws is the caller's, behind the hand-over
     */
    public void close(Consumer<T> closer) {
        if (!closeOnce()) return;
        join();
        if (!held.isDone() || held.isCompletedExceptionally()) return;
        try {
            closer.accept(held.join());
        } finally {
            turn.free.release();
        }
    }

    private synchronized boolean closeOnce() {
        if (closed) return false;
        closed = true;
        if (!opening) waiting.interrupt();
        return true;
    }

    private void join() {
        try {
            waiting.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
