package org.posthorn.mailbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mailbox.Filed;
import org.posthorn.api.mailbox.Folder;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.api.spool.ShelfNote;
import org.posthorn.api.spool.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** In the background: forces what was delivered, in batches, and then tells the spool that it need not keep it. One thread, and a few that force. */
final class Checkpoint implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);
    private static final long PAUSE_MILLIS = 250;
    /** Before it is tried again where it failed. */
    private static final long LATER_MILLIS = 10_000;

    private static final int FORCERS = 6;
    private static final int SHARE = 32;

    private final Leased<Spool> spools;
    private final ThreadPoolExecutor forcers = new ThreadPoolExecutor(
            FORCERS, FORCERS, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), r -> daemon(r, "mailbox-force"));
    private final Thread thread = daemon(this::run, "mailbox-checkpoint");
    private final Owed owed = new Owed();
    private Set<Box> due = new LinkedHashSet<>();
    private Set<Owed.Where> later = new LinkedHashSet<>();
    private long laterAt;
    private Door door;
    private boolean closed;

    /** Leads to a mailbox whose box is gone. */
    @FunctionalInterface
    interface Door {
        void settle(Owed.Where where) throws IOException;
    }

    Checkpoint(Leased<Spool> spools) {
        this.spools = spools;
        forcers.setRejectedExecutionHandler((task, pool) -> task.run());
    }

    /** From now on it works. */
    void start(Door leading) {
        door = leading;
        thread.start();
    }

    Owed owed() {
        return owed;
    }

    static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** There is something to force in that mailbox. */
    synchronized void due(Box box) {
        if (due.add(box) && due.size() == 1) notifyAll();
    }

    /** What was to be forced there could not be. */
    synchronized void later(Owed.Where where) {
        if (later.isEmpty()) laterAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LATER_MILLIS);
        later.add(where);
        notifyAll();
    }

    private void run() {
        try {
            while (pause()) work();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for something to do and then a little for more of it. False at the end. */
    private synchronized boolean pause() throws InterruptedException {
        while (due.isEmpty() && !closed && !laterIsNow())
            wait(later.isEmpty() ? 0 : 1 + TimeUnit.NANOSECONDS.toMillis(laterAt - System.nanoTime()));
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);
        for (long left; !closed && (left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) > 0; ) wait(left);
        return !closed;
    }

    private void work() {
        for (Box box : takeDue())
            if (over()) due(box);
            else settle(box);
        for (Owed.Where where : takeLater(false))
            if (over()) later(where);
            else settle(where);
    }

    /** What is left is for {@link #finish}, which many do at once. */
    private synchronized boolean over() {
        return closed;
    }

    private synchronized Collection<Box> takeDue() {
        Collection<Box> taken = due;
        due = new LinkedHashSet<>();
        return taken;
    }

    private synchronized Collection<Owed.Where> takeLater(boolean now) {
        if (!now && !laterIsNow()) return List.of();
        Collection<Owed.Where> taken = later;
        later = new LinkedHashSet<>();
        return taken;
    }

    private boolean laterIsNow() {
        return !later.isEmpty() && System.nanoTime() - laterAt >= 0;
    }

    /** Settles that mailbox; if that fails it is for later. */
    void settle(Box box) {
        if (!box.retain()) {
            owedStill(box);
            return;
        }
        try {
            box.settle();
            if (box.due()) due(box);
        } catch (Box.Gone closed) {
            owedStill(box);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            failed(box.where(), e);
        } finally {
            box.release();
        }
    }

    private void owedStill(Box closed) {
        if (owed.any(closed.where())) later(closed.where());
    }

    private void settle(Owed.Where where) {
        try {
            settleThrough(where);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            failed(where, e);
        }
    }

    private void settleThrough(Owed.Where where) throws IOException {
        try {
            door.settle(where);
        } catch (MailboxFault e) {
            // Mailboxes are made and deleted with force: its owner deleted it, and what lay in it.
            gone(where, UidSet.ALL);
        }
    }

    private void failed(Owed.Where where, Throwable why) {
        LOG.error(
                "Mail in {} of {} cannot be forced to disk. The journal keeps it; it is written again in {} s or at the"
                        + " next start",
                where.mailbox(),
                where.account(),
                TimeUnit.MILLISECONDS.toSeconds(LATER_MILLIS),
                why);
        later(where);
    }

    /** Forces messages, several at a time. */
    void force(Folder folder, long uidValidity, List<Filed> filed) throws IOException {
        List<CompletableFuture<Void>> shares = new ArrayList<>();
        for (int from = SHARE; from < filed.size(); from += SHARE) {
            List<Filed> share = filed.subList(from, Math.min(filed.size(), from + SHARE));
            shares.add(CompletableFuture.runAsync(() -> forceShare(folder, uidValidity, share), forcers));
        }
        try {
            folder.force(uidValidity, filed.subList(0, Math.min(SHARE, filed.size())));
            shares.forEach(CompletableFuture::join);
        } catch (CompletionException e) {
            throw e.getCause() instanceof UncheckedIOException io ? io.getCause() : new IOException(e.getCause());
        }
    }

    private static void forceShare(Folder folder, long uidValidity, List<Filed> share) {
        try {
            folder.force(uidValidity, share);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a note into the journal, which holds the mail. */
    void note(MailId mail, ShelfNote note) throws IOException {
        try (Lease<Spool> spool = spools.lease().orElseThrow(Checkpoint::away)) {
            spool.get().note(mail, note);
        }
    }

    /** Tells the spool. @return those it could be told of */
    Collection<Unsettled> settled(List<Unsettled> forced) throws IOException {
        List<Unsettled> told = new ArrayList<>();
        for (Unsettled one : forced)
            if (settled(one.source().mail(), one.source().recipient())) told.add(one);
        return told;
    }

    boolean settled(MailId mail, int recipient) throws IOException {
        Optional<Lease<Spool>> lease = spools.lease();
        if (lease.isEmpty()) return false;
        try (Lease<Spool> spool = lease.get()) {
            spool.get().settle(mail, List.of(recipient));
            return true;
        }
    }

    /**
     * These leave their mailbox by our hand: comes back when no crash can make the spool bring them back. One forced note takes along what the
     * spool was told before.
     */
    void gone(Owed.Where where, UidSet uids) throws IOException {
        List<Unsettled> left = owed.journaled(where, uids);
        if (left.isEmpty()) return;
        Unsettled last = left.get(left.size() - 1);
        if (settled(left.subList(0, left.size() - 1)).size() < left.size() - 1) throw away();
        note(last.source().mail(), new ShelfNote.Gone(last.source().recipient()));
        settled(List.of(last));
        owed.forget(where, left);
    }

    private static IOException away() {
        return new IOException("The spool is away");
    }

    /** Ends the thread, which does not go on to another mailbox. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        forcers.shutdown();
    }

    /** Does what the thread has left. */
    void finish() {
        Crew.each(takeDue(), this::settle);
        // Those that are gone leave what they owe there.
        Crew.each(takeLater(true), this::settle);
    }
}
