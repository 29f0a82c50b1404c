package org.posthorn.intake;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.posthorn.api.filter.Finding;
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.filter.Verdict;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks filters, on threads of its own: a filter that does not come back is given up, and costs one of these and not its mail's
 * conversation. What cannot be answered is never taken for a pass.
 */
final class Judges implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Judges.class);

    private final Clock clock;
    private final Map<String, Breaker> breakers = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor workers;
    private volatile Settings settings;

    Judges(Settings settings, Clock clock) {
        this.clock = clock;
        this.workers =
                new ThreadPoolExecutor(0, settings.workers(), 10, TimeUnit.SECONDS, new SynchronousQueue<>(), r -> {
                    Thread thread = new Thread(r, "intake-filter");
                    thread.setDaemon(true);
                    return thread;
                });
        this.settings = settings;
    }

    void change(Settings other) {
        settings = other;
        workers.setMaximumPoolSize(other.workers());
    }

    /** What is asked of each filter. @param before what was found up to here */
    @FunctionalInterface
    interface Question {
        Verdict ask(MailFilter filter, List<Finding> before) throws IOException;
    }

    /** One question to one filter. */
    record Step(Chain.Link link, Question question) {}

    /** What a filter said. */
    record Said(String filter, Verdict verdict) {}

    /** No answer; whom it is owed to, and why, is for the log. */
    static final class NoVerdict extends Exception {
        private static final long serialVersionUID = 1;

        NoVerdict(String why) {
            super(why);
        }
    }

    Breaker breaker(String filter) {
        return breakers.computeIfAbsent(filter, name -> new Breaker(clock));
    }

    /**
     * Asks until one refuses or discards.
     *
     * @param found what was found before
     */
    List<Said> ask(List<Step> steps, List<Finding> found) throws NoVerdict {
        if (steps.isEmpty()) return List.of();
        for (Step step : steps) {
            String name = step.link().name();
            if (breaker(name).open()) throw new NoVerdict("filter " + name + " failed too often and is left alone");
        }
        Round round = new Round(steps, found);
        try {
            List<Said> said = await(round, workers.submit(round));
            said.forEach(s -> breaker(s.filter()).worked());
            return said;
        } catch (RejectedExecutionException e) {
            throw new NoVerdict("all " + settings.workers() + " filter threads are at work");
        }
    }

    private List<Said> await(Round round, Future<List<Said>> future) throws NoVerdict {
        long limit = settings.limit().toNanos();
        while (true) {
            try {
                return future.get(Math.max(1, limit - round.since()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (round.since() < limit) continue;
                future.cancel(true);
                throw failed(round.asked, "no answer within " + settings.limit().toSeconds() + " s");
            } catch (ExecutionException e) {
                throw failed(round.asked, e.getCause().toString());
            } catch (InterruptedException e) {
                future.cancel(true);
                Thread.currentThread().interrupt();
                throw new NoVerdict("the server is going down");
            }
        }
    }

    private NoVerdict failed(String filter, String why) {
        boolean open = breaker(filter).failed(why, settings.pause());
        log.error(
                "Filter {} failed: {}{}",
                filter,
                why,
                open ? "; it is left alone for " + settings.pause().toSeconds() + " s" : "");
        return new NoVerdict("filter " + filter + " failed");
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }

    /** The questions, one after the other. */
    private static final class Round implements Callable<List<Said>> {
        private final List<Step> steps;
        private final List<Finding> found;
        private volatile String asked;
        private volatile long began = System.nanoTime();

        private Round(List<Step> steps, List<Finding> found) {
            this.steps = steps;
            this.found = new ArrayList<>(found);
            this.asked = steps.get(0).link().name();
        }

        private long since() {
            return System.nanoTime() - began;
        }

        @Override
        public List<Said> call() throws IOException {
            List<Said> said = new ArrayList<>(steps.size());
            for (Step step : steps) {
                asked = step.link().name();
                began = System.nanoTime();
                Verdict verdict = step.question().ask(step.link().filter(), found);
                if (verdict == null) throw new IOException("it said nothing at all");
                said.add(new Said(asked, verdict));
                if (verdict instanceof Verdict.Refuse || verdict instanceof Verdict.Discard) break;
                if (verdict instanceof Verdict.Pass pass) found.addAll(pass.findings());
            }
            return said;
        }
    }
}
