package org.posthorn.intake;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
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
    /** Who finds all threads at work waits so long for one. */
    private static final long PATIENCE_MILLIS = 1000;
    /** Of filters and routers that count. */
    static final int MOST_LOST = 1000;

    private final Clock clock;
    private final Map<String, Breaker> breakers = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor workers;
    private final int mostLost;
    private volatile Settings settings;
    private int lost;

    /** @param mostLost so many threads that plug-ins do not give back are replaced by others */
    Watchdog(Settings settings, int mostLost, Clock clock) {
        this.clock = clock;
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
            if (!pool.isShutdown() && pool.getQueue().offer(work, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) return;
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
        private volatile long began = System.nanoTime();
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
        try {
            T done = await(turn, workers.submit(() -> turn.work(work)));
            turn.worked();
            return done;
        } catch (RejectedExecutionException e) {
            throw new NoVerdict("all " + settings.workers() + " threads for plug-ins are at work");
        }
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
                throw new NoVerdict("the server is going down");
            }
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
