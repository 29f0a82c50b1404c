package org.posthorn.intake;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has plug-ins work on threads of its own: one that does not come back is given up, and costs one of these and not its mail's
 * conversation.
 */
final class Watchdog implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Watchdog.class);
    /** So long a client waits for a thread when all are at work. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    /** And asks anew so often: in the place of a thread that has ended only who asks has another made. */
    private static final long ANEW_MILLIS = 100;
    /** Of filters and routers that count. */
    static final int MOST_LOST = 1000;

    private final Clock clock;
    private final Map<String, Breaker> breakers = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor workers;
    private final int mostLost;
    private final Duration patience;
    private volatile Settings settings;
    private int lost;

    /** @param mostLost so many threads that plug-ins do not give back are replaced by others */
    Watchdog(Settings settings, int mostLost, Clock clock) {
        this(settings, mostLost, PATIENCE, clock);
    }

    /** @param patience of who finds all threads at work */
    Watchdog(Settings settings, int mostLost, Duration patience, Clock clock) {
        this.clock = clock;
        this.patience = patience;
        this.mostLost = mostLost;
        this.settings = settings;
        this.workers =
                new ThreadPoolExecutor(
                        0,
                        settings.workers(),
                        10,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        PluginThread::of,
                        this::queue) {
                    @Override
                    protected void afterExecute(Runnable work, Throwable none) {
                        if (Thread.currentThread() instanceof PluginThread thread) thread.retire();
                    }
                };
    }

    private void queue(Runnable work, ThreadPoolExecutor pool) {
        try {
            if (!pool.isShutdown() && pool.getQueue().offer(work, ANEW_MILLIS, TimeUnit.MILLISECONDS)) return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new RejectedExecutionException();
    }

    void change(Settings other) {
        settings = other;
        lost(0);
    }

    /** Who ignores that he is given up keeps his thread; the others get another for it. */
    private synchronized void lost(int more) {
        lost += more;
        workers.setMaximumPoolSize(settings.workers() + Math.min(lost, mostLost));
    }

    /** How many threads are not given back. */
    synchronized int lost() {
        return lost;
    }

    /** Work that asks plug-ins one after the other. */
    @FunctionalInterface
    interface Work<T> {
        T run(Turn turn) throws NoVerdict;
    }

    /** Whose turn it is. */
    final class Turn {
        private volatile String plugin = "";
        private volatile long began;
        private volatile boolean over;
        private Optional<PluginThread> working = Optional.empty();
        private boolean lost;

        private <T> T work(Work<T> work) throws NoVerdict {
            begin();
            try {
                return work.run(this);
            } finally {
                end();
            }
        }

        private synchronized void begin() {
            working = Thread.currentThread() instanceof PluginThread thread ? Optional.of(thread) : Optional.empty();
        }

        private synchronized void end() {
            working = Optional.empty();
            if (lost) Watchdog.this.lost(-1);
        }

        private synchronized void giveUp(Future<?> future) {
            future.cancel(true);
            if (working.isEmpty()) return;
            lost = true;
            Watchdog.this.lost(1);
            working.get().putBehind();
        }

        /** It is that plug-in's; all that it is asked before another is has to be answered within one limit. */
        void of(String next) throws NoVerdict {
            if (over) throw new NoVerdict("it is too late");
            if (next.equals(plugin)) return;
            if (breaker(next).open()) throw new NoVerdict(next + " failed too often and is left alone");
            worked();
            plugin = next;
            began = System.nanoTime();
        }

        private void worked() {
            if (!over && !plugin.isEmpty()) breaker(plugin).worked();
        }

        /** What to throw when the plug-in gave no answer. */
        NoVerdict failed(String why) {
            if (plugin.isEmpty()) return new NoVerdict(why);
            boolean open = !over && breaker(plugin).failed(why, settings.pause());
            if (!over)
                log.error(
                        "The {} failed: {}{}",
                        plugin,
                        why,
                        open ? "; it is left alone for " + settings.pause().toSeconds() + " s" : "");
            over = true;
            return new NoVerdict(plugin + " failed: " + why, plugin);
        }

        private Duration limit() {
            return settings.limit();
        }

        private long left() {
            return limit().toNanos() - (System.nanoTime() - began);
        }
    }

    Breaker breaker(String plugin) {
        return breakers.computeIfAbsent(plugin, name -> new Breaker(clock));
    }

    /** What one version did wrong is not held against the next. */
    void renew(String plugin) {
        breaker(plugin).renew();
    }

    /** Has that done, as long as no plug-in takes too long for its part. */
    <T> T watch(Work<T> work) throws NoVerdict {
        Turn turn = new Turn();
        Future<T> future = handOver(() -> turn.work(work));
        // No plug-in is to blame for the wait.
        turn.began = System.nanoTime();
        T done = await(turn, future);
        turn.worked();
        return done;
    }

    private <T> Future<T> handOver(Callable<T> work) throws NoVerdict {
        long begun = System.nanoTime();
        while (true) {
            try {
                return workers.submit(work);
            } catch (RejectedExecutionException e) {
                if (workers.isShutdown() || Thread.currentThread().isInterrupted()) throw goingDown();
                if (System.nanoTime() - begun >= patience.toNanos() || allLost())
                    throw new NoVerdict("all " + settings.workers() + " threads for plug-ins are at work");
            }
        }
    }

    /** Then nobody knows whether one ever comes. */
    private synchronized boolean allLost() {
        return lost >= workers.getMaximumPoolSize();
    }

    private static NoVerdict goingDown() {
        return new NoVerdict("the server is going down");
    }

    private static <T> T await(Turn turn, Future<T> future) throws NoVerdict {
        while (true) {
            try {
                return future.get(Math.max(1, turn.left()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (turn.left() > 0) continue;
                NoVerdict failed =
                        turn.failed("no answer within " + turn.limit().toSeconds() + " s");
                turn.giveUp(future);
                throw failed;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof NoVerdict none) throw none;
                throw turn.failed(e.getCause().toString());
            } catch (InterruptedException e) {
                turn.over = true;
                turn.giveUp(future);
                Thread.currentThread().interrupt();
                throw goingDown();
            }
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
