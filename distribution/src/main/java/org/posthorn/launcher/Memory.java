package org.posthorn.launcher;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Ends the process when there is no memory any more, so that whoever watches over it starts it again: what got its {@code 250} is in the journal, and a server
 * without memory does no good to anybody. A lack that passes costs the mail or the connection that met it; one that does not is a heap that stays full behind
 * its collections, or a thread that died of it and leaves its work undone.
 */
final class Memory implements Thread.UncaughtExceptionHandler {
    /** A heap is full when more of it is in use behind a collection. */
    private static final double FULL = 0.95;
    /** So many looks on end find it full. */
    private static final int ENOUGH = 5;

    private static final long PAUSE_MILLIS = 1000;

    private static final Logger LOG = Logger.getLogger("org.posthorn.launcher");

    /** What is in use, as the last collection left it. */
    interface Heap {
        long size();

        long used();

        /** How many collections there were. */
        long collections();

        /** Asks for one. */
        void collect();
    }

    private final Heap heap;
    private final Runnable end;
    private long seen;
    private int full;

    Memory(Heap heap, Runnable end) {
        this.heap = heap;
        this.end = end;
    }

    /** Watches over this process from now on. */
    static void watch() {
        Memory memory = new Memory(new Pools(), new LastWords());
        Thread.setDefaultUncaughtExceptionHandler(memory);
        Thread thread = new Thread(memory::look, "memory");
        thread.setDaemon(true);
        thread.start();
    }

    private void look() {
        try {
            while (true) {
                Thread.sleep(PAUSE_MILLIS);
                lookOnce();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void lookOnce() {
        try {
            // A server at rest may not come to one by itself.
            if (full > 0) heap.collect();
            long collections = heap.collections();
            if (collections == seen) return;
            seen = collections;
            long used = heap.used();
            if (used <= heap.size() * FULL) full = 0;
            else if (++full == 1) warn(used);
        } catch (OutOfMemoryError e) {
            full++;
        }
        if (full >= ENOUGH) end.run();
    }

    private void warn(long used) {
        LOG.warning(() -> String.format(
                "%d of %d MiB of the heap are in use behind a collection. If that stays so, the server ends with the exit code %d",
                used >> 20, heap.size() >> 20, ExitCode.NO_MEMORY.number));
    }

    /** Of a thread that ends by what nobody on it has caught. */
    @Override
    public void uncaughtException(Thread thread, Throwable why) {
        try {
            LOG.log(Level.SEVERE, why, () -> "The thread " + thread.getName() + " has ended");
        } catch (OutOfMemoryError e) {
            if (!(why instanceof OutOfMemoryError)) throw e;
        } finally {
            if (why instanceof OutOfMemoryError) end.run();
        }
    }

    /** The JVM's own accounts, asked for by whoever looks: the start does not wait for their classes. */
    static final class Pools implements Heap {
        @Override
        public long size() {
            return Runtime.getRuntime().maxMemory();
        }

        @Override
        public long used() {
            long used = 0;
            for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
                MemoryUsage left = pool.getCollectionUsage();
                // Not every collector tells.
                if (pool.getType() == MemoryType.HEAP && left != null) used += left.getUsed();
            }
            return used;
        }

        @Override
        public long collections() {
            long count = 0;
            for (var collector : ManagementFactory.getGarbageCollectorMXBeans())
                count += collector.getCollectionCount();
            return count;
        }

        @Override
        public void collect() {
            System.gc();
        }
    }

    /** Needs no memory: neither do its words, nor does an end that asks nobody. */
    private static final class LastWords implements Runnable {
        private final AtomicBoolean said = new AtomicBoolean();
        private final PrintStream terminal = new PrintStream(new FileOutputStream(FileDescriptor.err));
        private final byte[] words =
                ("posthorn: there is no memory any more; the server ends. What got its 250 is on disk. The log may name who took"
                                + " the memory; -Xmx in POSTHORN_JAVA_OPTS gives more.\n")
                        .getBytes(StandardCharsets.UTF_8);

        @Override
        public void run() {
            if (said.compareAndSet(false, true)) terminal.write(words, 0, words.length);
            Runtime.getRuntime().halt(ExitCode.NO_MEMORY.number);
        }
    }
}
