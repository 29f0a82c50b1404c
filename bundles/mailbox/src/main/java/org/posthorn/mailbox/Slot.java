package org.posthorn.mailbox;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** An account, from when somebody begins to open it until it is closed. Safe for several threads. */
final class Slot {

    /** Opens the account. */
    @FunctionalInterface
    interface Opener {
        AccountShelf open() throws IOException;
    }

    private final Object opening = new Object();
    private volatile AccountShelf shelf;
    private int users;
    private boolean ending;
    private boolean ended;

    /** Begins to use it. @return false when it has been let go of, and another one is to be asked for; waits for that while it is being closed */
    synchronized boolean enter() throws IOException {
        while (ending && !ended) await();
        if (!ended) users++;
        return !ended;
    }

    private void await() throws IOException {
        try {
            wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while an account is closed");
        }
    }

    /** Ends a use. @return whether the caller is to let go of it: one that could not be opened is not kept, or each look would try it again */
    synchronized boolean leave() {
        users--;
        notifyAll();
        if (users > 0 || shelf != null) return false;
        ending = true;
        return true;
    }

    /** For those who use it: opens it when nobody has. */
    AccountShelf opened(Opener opener) throws IOException {
        synchronized (opening) {
            if (shelf == null) shelf = opener.open();
            return shelf;
        }
    }

    /** Waits for one that is being opened. */
    Optional<AccountShelf> shelf() {
        synchronized (opening) {
            return Optional.ofNullable(shelf);
        }
    }

    /** What came of wanting to close it. */
    enum Claim {
        /** It is the caller's to close and to {@link #end}. */
        OURS,
        /** Another one has closed it. */
        OVER,
        /** Calls run on it; it is as it was. */
        IN_USE
    }

    /** Has callers wait until the calls that run are over; when they are not in that time, callers go on. */
    synchronized Claim claim(long nanos) {
        if (take() == Claim.OVER) return Claim.OVER;
        long end = System.nanoTime() + nanos;
        boolean interrupted = false;
        for (long left = nanos; users > 0 && left > 0; left = end - System.nanoTime())
            interrupted |= rest(1 + TimeUnit.NANOSECONDS.toMillis(left));
        if (interrupted) Thread.currentThread().interrupt();
        if (users == 0) return Claim.OURS;
        ending = false;
        notifyAll();
        return Claim.IN_USE;
    }

    /** From now on callers wait, whatever calls still run. Never {@link Claim#IN_USE}. */
    synchronized Claim take() {
        boolean interrupted = false;
        while (ending && !ended) interrupted |= rest(0);
        if (interrupted) Thread.currentThread().interrupt();
        if (ended) return Claim.OVER;
        ending = true;
        return Claim.OURS;
    }

    /** @return whether somebody would not have it wait; there is no way out, for what follows must come behind this */
    private boolean rest(long millis) {
        try {
            wait(millis);
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    /** It is closed, or never was open, and nobody finds it any more. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }
}
