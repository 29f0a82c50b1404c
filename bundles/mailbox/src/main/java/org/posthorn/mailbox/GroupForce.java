package org.posthorn.mailbox;

import java.io.IOException;

/**
 * Forces a file for all who wait: who comes while a force runs waits for the next one, which is for everybody who came meanwhile. A force that fails
 * has failed for all of them, and for what is written behind it: the kernel tells it once, and takes what it could not write for written. So no force
 * counts any more until the file was written anew.
 */
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
    private boolean failed;

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

    synchronized boolean forced(long mark) {
        return forced >= mark;
    }

    /** Runs work that leaves everything written forced, in a file without a past, while no force runs. */
    void anew(Work work) throws IOException {
        begin();
        run(work);
    }

    /** Runs work that forces everything written, and is the last, while no force runs. */
    void last(Work work) throws IOException {
        begin();
        run(() -> {
            sound();
            work.run();
        });
    }

    private synchronized void begin() throws IOException {
        while (busy) pause();
        busy = true;
    }

    private synchronized boolean lead(long mark) throws IOException {
        while (forced < mark && busy) pause();
        if (forced >= mark) return false;
        sound();
        return busy = true;
    }

    private synchronized void sound() throws IOException {
        if (failed) throw new IOException("A force of the same file failed, and it was not written anew since");
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
                failed = !done;
                busy = false;
                notifyAll();
            }
        }
    }
}
