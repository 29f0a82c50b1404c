package org.posthorn.net;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads on which conversations run. Virtual where the JVM can block them in a synchronized block without pinning (JEP 491, Java 24), else
 * a pool that grows with the work and shrinks without it.
 */
final class Workers implements Executor, AutoCloseable {

    private static final int FIRST_WITHOUT_PINNING = 24;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final ExecutorService threads;

    Workers(int most) {
        this.threads = Runtime.version().feature() >= FIRST_WITHOUT_PINNING ? virtual() : platform(most);
    }

    /** The bound changed; virtual threads have none. */
    void most(int threadsAtMost) {
        if (threads instanceof ThreadPoolExecutor pool) pool.setMaximumPoolSize(threadsAtMost);
    }

    @Override
    public void execute(Runnable work) {
        threads.execute(work);
    }

    /** Waits a little for what runs, then interrupts it. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(2, TimeUnit.SECONDS)) threads.shutdownNow();
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private static ExecutorService virtual() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a JVM of version 24 has virtual threads", e);
        }
    }

    private static ExecutorService platform(int most) {
        // Work goes to a thread that waits for some; else a thread is made; only when there are enough of them does it
        // queue.
        var queue = new LinkedTransferQueue<Runnable>() {
            private static final long serialVersionUID = 1;

            @Override
            public boolean offer(Runnable work) {
                return tryTransfer(work);
            }
        };
        return new ThreadPoolExecutor(
                1,
                most,
                30,
                TimeUnit.SECONDS,
                queue,
                work -> thread(work, "net-" + NUMBER.incrementAndGet()),
                (work, pool) -> {
                    if (!pool.isShutdown()) queue.put(work);
                });
    }

    /** A thread that remembers nothing of who caused it: before Java 24 it would keep the class loaders of all that stand on the stack. */
    @SuppressWarnings("removal")
    static Thread thread(Runnable work, String name) {
        return AccessController.doPrivileged((PrivilegedAction<Thread>) () -> {
            Thread thread = new Thread(null, work, name, 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(Workers.class.getClassLoader());
            return thread;
        });
    }
}
