package org.posthorn.intake;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.SentCopies;
import org.posthorn.api.mailbox.SentMail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has what users send kept for them, if anybody here keeps mailboxes. What goes wrong with that is told in the log, and costs the mail nothing. */
final class SentKeeping {

    private static final Logger log = LoggerFactory.getLogger(Intake.class);

    /** So many may be at work at the same time; others wait for them. */
    private static final int MOST = 64;

    /**
     * A disk that does not answer holds one of these, and no mail. Nobody interrupts them: that would close the files of a mailbox for all who use it. When this is closed
     * each mail keeps its own thread.
     */
    private final ThreadPoolExecutor workers = new ThreadPoolExecutor(
            MOST,
            MOST,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            SentKeeping::thread,
            (work, none) -> work.run());

    private final Leased<SentCopies> keepers = new Leased<>();
    /** A server that only relays is none whose mailboxes are away for a moment. */
    private volatile boolean known;

    SentKeeping() {
        workers.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "intake-sent");
        thread.setDaemon(true);
        return thread;
    }

    void add(SentCopies copies, Map<String, ?> properties) {
        known = true;
        keepers.add(copies, properties);
    }

    void remove(SentCopies copies) {
        keepers.remove(copies);
    }

    /** Comes back when it is kept, when that failed, or when it takes longer than a filter may: then it may be kept later yet. */
    void keep(SentMail sent, Settings settings) {
        if (!known) return;
        FutureTask<Void> task = new FutureTask<>(() -> keep(sent, settings.grace()), null);
        try {
            workers.execute(task);
            task.get(settings.limit().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            workers.remove(task);
            missing(
                    sent,
                    "the mailboxes did not answer within " + settings.limit().toSeconds() + " s, and may yet");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            missing(sent, "the server is going down");
        } catch (ExecutionException | RuntimeException | LinkageError | OutOfMemoryError e) {
            missing(sent, e.toString());
        }
    }

    private void keep(SentMail sent, Duration grace) {
        try (Lease<SentCopies> keeper = lease(grace).orElse(null)) {
            if (keeper == null) missing(sent, "the mailboxes are not there");
            else keeper.get().keep(sent);
        } catch (MailboxFault refused) {
            missing(sent, refused.getMessage());
        } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
            missing(sent, e.toString());
        }
    }

    private Optional<Lease<SentCopies>> lease(Duration grace) {
        Optional<Lease<SentCopies>> now = keepers.lease();
        if (now.isPresent()) return now;
        var here = keepers.present(List.of()).toCompletableFuture();
        try {
            here.get(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // Who waits no longer must not be told either.
            here.complete(null);
        } catch (InterruptedException e) {
            here.complete(null);
            Thread.currentThread().interrupt();
        }
        return keepers.lease();
    }

    /** What is at work comes to its end. */
    void close() {
        workers.shutdown();
    }

    private static void missing(SentMail sent, String why) {
        log.warn(
                "{} goes on, but {} has no copy of what he sent: {}",
                sent.mail().id(),
                sent.account(),
                why);
    }
}
