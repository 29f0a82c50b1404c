package org.posthorn.intake;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.posthorn.api.filter.Comparison;
import org.posthorn.api.filter.Comparison.Result;
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.lease.Lease;

/**
 * One filter in the shadow: what it is asked waits in a line of its own and is worked off by threads of its own, so that it holds up neither the mail
 * nor another. A thread that it does not give back is not replaced; when it has them all, it is asked no more until one comes back.
 */
final class Shadow implements AutoCloseable {

    /** So many mails wait for it; more are skipped. */
    private static final int MOST_WAITING = 1000;

    private final String name;
    private final Filters filters;
    private final Consumer<Comparison> listener;
    private final Watchdog watchdog;
    private final ThreadPoolExecutor threads;

    Shadow(String name, Settings settings, Filters filters, Consumer<Comparison> listener, Clock clock) {
        this.name = name;
        this.filters = filters;
        this.listener = listener;
        // No mail waits for it.
        watchdog = new Watchdog(settings.forShadow(), 0, settings.limit(), clock);
        int workers = settings.shadowWorkers();
        threads = new ThreadPoolExecutor(
                workers, workers, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), work -> {
                    Thread thread = new Thread(work, "intake-shadow");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** What the watchdog and the log call it. */
    static String plugin(String name) {
        return "shadow " + name;
    }

    Breaker.State state() {
        return watchdog.breaker(plugin(name)).state();
    }

    /** Has it asked of that mail, when its turn comes. @param after run when it is done with it, or does not come to it */
    void see(SeenMail mail, Runnable after) {
        Job job = new Job(mail, after);
        if (mail.chain().contains(name)) job.end(counted(mail));
        else
            try {
                threads.execute(job);
            } catch (RejectedExecutionException e) {
                job.end(skipped(mail, "too much waits for it"));
            }
    }

    /** Has it not asked of that mail: there is no room for it to wait. */
    void skip(SeenMail mail) {
        listener.accept(skipped(mail, "too much waits for the shadow"));
    }

    private final class Job implements Runnable {
        private final SeenMail mail;
        private final Runnable after;

        Job(SeenMail mail, Runnable after) {
            this.mail = mail;
            this.after = after;
        }

        @Override
        public void run() {
            Comparison comparison;
            try {
                comparison = compare(mail);
            } finally {
                after.run();
            }
            listener.accept(comparison);
        }

        /** Without having been at it. */
        void end(Comparison comparison) {
            after.run();
            listener.accept(comparison);
        }
    }

    /** Promoted, it was no shadow here. */
    private Comparison counted(SeenMail mail) {
        boolean failed = mail.failed().equals(Judges.plugin(name));
        return mail.comparison(name, failed ? Result.FAILED : Result.COUNTED, "", "", mail.took(name));
    }

    private Comparison compare(SeenMail mail) {
        try (Lease<MailFilter> lease = filters.lease(name).orElse(null)) {
            if (lease == null) return skipped(mail, "it is not there");
            if (watchdog.lost() > 0) return skipped(mail, "it does not give a thread back");
            Filters.Trait trait = filters.trait(lease.get());
            int place = mail.counterpart(name);
            if (trait.stateful() && place >= 0)
                return skipped(
                        mail, "it would share its memory with " + mail.chain().get(place));
            Chain.Link link = new Chain.Link(name, lease.get(), trait.moments());
            Hearing hearing = new Hearing(mail, link, place < 0 ? Integer.MAX_VALUE : place);
            return new Beside(mail, link, watchdog.watch(hearing::hear)).compare();
        } catch (NoVerdict e) {
            if (e.failed().isEmpty()) return skipped(mail, e.getMessage());
            return mail.comparison(name, Result.FAILED, "", state().last(), Duration.ZERO);
        }
    }

    private Comparison skipped(SeenMail mail, String why) {
        return mail.comparison(name, Result.SKIPPED, "", why, Duration.ZERO);
    }

    @Override
    public void close() {
        for (Runnable waiting : threads.shutdownNow())
            if (waiting instanceof Job job) job.end(skipped(job.mail, "the settings have changed"));
        watchdog.close();
    }
}
