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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mailbox.Filed;
import org.posthorn.api.mailbox.Folder;
import org.posthorn.api.spool.ShelfNote;
import org.posthorn.api.spool.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** In the background: forces what was delivered, in batches, and then tells the spool that it need not keep it. One thread, and a few that force. */
final class Checkpoint implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);
    private static final long PAUSE_MILLIS = 250;
    private static final int FORCERS = 6;
    private static final int SHARE = 32;

    private final Leased<Spool> spools;
    private final ExecutorService forcers = Executors.newFixedThreadPool(FORCERS, r -> daemon(r, "mailbox-force"));
    private final Thread thread = daemon(this::run, "mailbox-checkpoint");
    private Set<Box> due = new LinkedHashSet<>();
    private boolean closed;

    Checkpoint(Leased<Spool> spools) {
        this.spools = spools;
        thread.start();
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

    private void run() {
        try {
            while (pause()) work();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for something to do and then a little for more of it. False at the end. */
    private synchronized boolean pause() throws InterruptedException {
        while (due.isEmpty() && !closed) wait();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);
        for (long left; !closed && (left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) > 0; ) wait(left);
        return !closed;
    }

    /** One round, now. */
    void work() {
        Collection<Box> round;
        synchronized (this) {
            round = due;
            due = new LinkedHashSet<>();
        }
        for (Box box : round) settle(box);
    }

    private void settle(Box box) {
        if (!box.retain()) return;
        try {
            box.settle();
            if (box.due()) due(box);
        } catch (IOException | RuntimeException e) {
            // The journal keeps what is not settled; the next round, or the next start, tries again.
            LOG.error(
                    "Mail in {} of {} cannot be forced to disk",
                    box.name(),
                    box.account().address(),
                    e);
        } finally {
            box.release();
        }
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
        try (Lease<Spool> spool = spool().orElseThrow(() -> new IOException("The spool is away"))) {
            spool.get().note(mail, note);
        }
    }

    /** Tells the spool. @return those it could be told of */
    Collection<Unsettled> settled(List<Unsettled> forced) throws IOException {
        if (forced.isEmpty()) return forced;
        Optional<Lease<Spool>> lease = spool();
        if (lease.isEmpty()) return List.of();
        try (Lease<Spool> spool = lease.get()) {
            for (Unsettled one : forced) spool.get().settle(one.mail(), List.of(one.recipient()));
        }
        return forced;
    }

    private Optional<Lease<Spool>> spool() {
        return spools.lease();
    }

    /** Ends it after a last round. */
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
        work();
        forcers.shutdown();
    }
}
