package org.posthorn.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.posthorn.api.lease.Leased;

/** The threads of the queue, one of them for the time; and who waits for a part that is missing. */
final class Crew implements AutoCloseable {

    private static final Duration ENDING = Duration.ofSeconds(10);

    private final ExecutorService threads;
    private final ScheduledThreadPoolExecutor timer;
    private final Duration grace;
    private final Set<CompletableFuture<Void>> waiting = ConcurrentHashMap.newKeySet();
    private final List<Runnable> atClose = new ArrayList<>();

    /** @param grace how long a missing part is waited for */
    Crew(Duration grace) {
        this.grace = grace;
        AtomicInteger count = new AtomicInteger();
        ThreadFactory named = task -> {
            Thread thread = new Thread(task, "posthorn queue " + count.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        };
        // Lanes bound how many there are.
        threads = Executors.newCachedThreadPool(named);
        timer = new ScheduledThreadPoolExecutor(1, named);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        timer.setRemoveOnCancelPolicy(true);
    }

    Executor threads() {
        return threads;
    }

    void now(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException closed) {
            // Whatever it was, it is still in the journal or in the store, where the next queue finds it.
            return;
        }
    }

    /** The task is quick: it runs on the thread that keeps the time. */
    void later(long seconds, Runnable task) {
        laterMillis(TimeUnit.SECONDS.toMillis(seconds), task);
    }

    void laterMillis(long millis, Runnable task) {
        try {
            timer.schedule(() -> heard(task), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            return;
        }
    }

    /** A timer keeps to itself what breaks in it. Of a lack of memory the process must hear, as a mail waits for what was not done. */
    private static void heard(Runnable task) {
        try {
            task.run();
        } catch (OutOfMemoryError e) {
            Thread mine = Thread.currentThread();
            mine.getUncaughtExceptionHandler().uncaughtException(mine, e);
        }
    }

    /** Runs the task, which is quick, when the parts are there, or the grace is over, or at the close. */
    void await(Leased<?> parts, List<String> names, Runnable task) {
        CompletableFuture<Void> end = parts.present(names).toCompletableFuture();
        waiting.add(end);
        end.thenRun(() -> {
            waiting.remove(end);
            task.run();
        });
        laterMillis(grace.toMillis(), () -> end.complete(null));
    }

    /** Runs the task when the parts are there, however long it takes; at the close it is forgotten. */
    void whenPresent(Leased<?> parts, List<String> names, Runnable task) {
        CompletableFuture<Void> here = parts.present(names).toCompletableFuture();
        here.thenRun(() -> now(task));
        atClose(() -> here.cancel(false));
    }

    synchronized void atClose(Runnable task) {
        atClose.add(task);
    }

    @Override
    public void close() {
        synchronized (this) {
            atClose.forEach(Runnable::run);
        }
        timer.shutdown();
        waiting.forEach(end -> end.complete(null));
        threads.shutdown();
        try {
            if (!threads.awaitTermination(ENDING.toMillis(), TimeUnit.MILLISECONDS)) threads.shutdownNow();
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
