package org.posthorn.mailbox;

import java.io.IOException;

/** Forces a file for all who wait: who comes while a force runs waits for the next one, which is for everybody who came meanwhile. */
final class GroupForce {

    /** Work on the file that may fail. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    private final Work force;
    private long written;
    private long forced;
    private boolean busy;

    GroupForce(Work force) {
        this.force = force;
    }

    /** Something was written. @return the mark to wait for */
    synchronized long written() {
        return ++written;
    }

    /** Comes back when what was written up to the mark is forced. */
    void await(long mark) throws IOException {
        while (lead(mark)) run(force);
    }

    /** Runs work that leaves everything written forced, while no force runs. */
    void alone(Work work) throws IOException {
        synchronized (this) {
            while (busy) pause();
            busy = true;
        }
        run(work);
    }

    private synchronized boolean lead(long mark) throws IOException {
        while (forced < mark && busy) pause();
        if (forced >= mark) return false;
        return busy = true;
    }

    private void pause() throws IOException {
        try {
            wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted while a file is forced");
        }
    }

    private void run(Work work) throws IOException {
        long goal;
        synchronized (this) {
            goal = written;
        }
        boolean done = false;
        try {
            work.run();
            done = true;
        } finally {
            synchronized (this) {
                if (done) forced = Math.max(forced, goal);
                busy = false;
                notifyAll();
            }
        }
    }
}
