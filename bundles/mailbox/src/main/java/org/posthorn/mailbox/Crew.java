package org.posthorn.mailbox;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Several threads for something that is to be done to many: forces that run side by side cost a disk little more than one. */
final class Crew {

    private static final Logger LOG = LoggerFactory.getLogger(Crew.class);
    private static final int MOST = 16;

    private Crew() {}

    /** Comes back when it is done to all. @param work keeps its troubles to itself */
    static <T> void each(Collection<T> all, Consumer<T> work) {
        Queue<T> left = new ConcurrentLinkedQueue<>(all);
        Runnable share = () -> {
            for (T one; (one = left.poll()) != null; ) work.accept(one);
        };
        List<Thread> others = begin(share, Math.min(MOST, all.size()) - 1);
        try {
            share.run();
        } finally {
            others.forEach(Crew::join);
        }
    }

    private static List<Thread> begin(Runnable share, int most) {
        List<Thread> begun = new ArrayList<>();
        try {
            while (begun.size() < most) {
                Thread thread = Checkpoint.daemon(share, "mailbox-crew");
                thread.start();
                begun.add(thread);
            }
        } catch (OutOfMemoryError e) {
            LOG.warn("There is no room for more than {} threads to close mailboxes", begun.size() + 1);
        }
        return begun;
    }

    /** What follows must come behind this, whoever interrupts. */
    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive())
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
