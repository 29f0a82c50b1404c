package org.posthorn.events;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.spool.Pending;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes stories. It lets events gather for a moment, adds them to their stories, and writes those that rest: many rows a
 * commit. All else that is done with stories is done on it as well, so nothing here is locked.
 */
final class Scribe implements AutoCloseable {

    /** @param days how long a story is kept @param stories how many at most */
    record Bounds(int days, long stories) {}

    private static final Logger LOG = LoggerFactory.getLogger(Scribe.class);

    private static final int BUFFER = 20_000;
    private static final long MEMORY = 8_000_000;
    private static final int BATCH = 500;
    private static final Duration GATHER = Duration.ofMillis(200);
    private static final Duration GATHER_WATCHED = Duration.ofMillis(20);
    private static final Duration REST = Duration.ofMinutes(1);
    private static final long PAUSE_NANOS = Duration.ofSeconds(5).toNanos();
    private static final Duration ENDING = Duration.ofSeconds(30);

    private final Buffer buffer = new Buffer(BUFFER);
    private final Drafts drafts = new Drafts(MEMORY);
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final List<Trace> traces = new CopyOnWriteArrayList<>();
    private final Archive archive;
    private final Clock clock;
    private final Thread thread;
    private volatile Bounds bounds;
    private volatile boolean resting;
    private volatile boolean closed;
    private long rows = -1;
    private long lost;
    private long lostBefore;
    private boolean away;
    private long again = System.nanoTime();
    private long sweep = again;
    private boolean sweeping;

    Scribe(Archive archive, Bounds bounds, Clock clock) {
        this.archive = archive;
        this.bounds = bounds;
        this.clock = clock;
        thread = new Thread(this::run, "events");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void bounds(Bounds other) {
        bounds = other;
    }

    /** Costs the caller next to nothing. */
    void tell(MailEvent event) {
        boolean soon = buffer.put(event);
        if (resting || soon) wake();
    }

    private void wake() {
        resting = false;
        LockSupport.unpark(thread);
    }

    /** Does something on this thread, when all that was told before is in the stories. */
    <T> CompletableFuture<T> ask(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        tasks.add(() -> {
            try {
                answer.complete(question.get());
            } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
                answer.completeExceptionally(e);
            }
        });
        wake();
        if (closed) answer.completeExceptionally(new IllegalStateException("the record of mails has ended"));
        return answer;
    }

    /** Lets somebody watch what happens from now on. */
    void watch(Trace trace) {
        traces.add(trace);
        if (closed) trace.end();
    }

    void leave(Trace trace) {
        traces.remove(trace);
    }

    private void run() {
        while (!closed) {
            try {
                rest();
                round(false);
            } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
                LOG.error("Stories of mails were not written: {}; it goes on with the next ones", e.toString(), e);
            }
        }
        round(true);
    }

    private void rest() {
        resting = true;
        if (buffer.isEmpty() && tasks.isEmpty() && !drafts.dirty() && !sweeping && !closed) park(REST);
        resting = false;
        long end = System.nanoTime() + (traces.isEmpty() ? GATHER : GATHER_WATCHED).toNanos();
        while (tasks.isEmpty() && !closed && !buffer.halfFull() && end - System.nanoTime() > 0)
            park(Duration.ofNanos(end - System.nanoTime()));
    }

    private void park(Duration most) {
        LockSupport.parkNanos(this, most.toNanos());
    }

    private void round(boolean last) {
        long begun = System.nanoTime();
        buffer.drain(this::add);
        if (last) flush();
        else if (begun - again >= 0) write(begun - GATHER.toNanos() / 2);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            // What was told before the question may have come behind the first look.
            buffer.drain(this::add);
            task.run();
        }
        lost += drafts.tidy(System.nanoTime());
        if (!last && !away && (begun - sweep >= 0 || rows > bounds.stories())) sweep();
        tellOfLosses();
    }

    private void add(MailEvent event) {
        Story story = drafts.add(event, System.nanoTime());
        for (Trace trace : traces) trace.show(story, event);
    }

    /** @param restingSince stories that were touched later are not written, since more may come */
    private void write(long restingSince) {
        try {
            for (List<Story> due = due(restingSince); !due.isEmpty(); due = due(restingSince)) {
                write(due);
                drafts.written(due);
            }
            if (away) LOG.info("Stories of mails are written again; {} were lost meanwhile", lost);
            if (away) lost = 0;
            away = false;
        } catch (IOException e) {
            again = System.nanoTime() + PAUSE_NANOS;
            if (!away)
                LOG.warn(
                        "Stories of mails cannot be written now ({}); those that fit are kept in memory",
                        e.getMessage());
            away = true;
        }
    }

    private List<Story> due(long restingSince) {
        return drafts.due(restingSince, System.nanoTime(), BATCH);
    }

    private void write(List<Story> due) throws IOException {
        try {
            rows(archive.write(due));
        } catch (IOException e) {
            // One that the database does not take must not stand in the way of all.
            if (due.size() == 1 || !archive.answers()) throw e;
            for (Story story : due) single(story);
        }
    }

    private void single(Story story) throws IOException {
        try {
            rows(archive.write(List.of(story)));
        } catch (IOException e) {
            if (!archive.answers()) throw e;
            LOG.error("The story of mail {} cannot be written and is dropped: {}", story.id(), e.getMessage());
        }
    }

    private void rows(int more) {
        if (rows >= 0) rows += more;
    }

    /** All that is told so far, for who asks now. @return whether the database has it */
    boolean flush() {
        write(System.nanoTime() + 1);
        return !away;
    }

    /** Completes stories by what is left of the mails; on this thread. @return whether the database was there for it */
    boolean complete(List<Pending> left) {
        if (!flush()) return false;
        try {
            for (Pending each : left) single(each);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** One that is odd costs itself alone. */
    private void single(Pending left) throws IOException {
        try {
            complete(left);
        } catch (RuntimeException e) {
            LOG.warn("The story of mail {} is not completed: {}", left.mail().id(), e.toString());
        }
    }

    private void complete(Pending left) throws IOException {
        MailId id = left.mail().id();
        Story story = archive.story(id).orElseGet(() -> new Story(id));
        Told told = story.told();
        List<MailEvent> beginning = Recovery.beginning(told, left);
        List<MailEvent> shelved = Recovery.shelved(told, left);
        if (beginning.isEmpty() && shelved.isEmpty()) return;
        if (!beginning.isEmpty()) story.begin(beginning);
        shelved.forEach(story::add);
        drafts.put(story, System.nanoTime());
    }

    Drafts drafts() {
        return drafts;
    }

    /** A part at a time, so that writing does not wait for it. */
    private void sweep() {
        try {
            if (rows < 0) rows = archive.size();
            Instant cutoff = clock.instant().minus(Duration.ofDays(bounds.days()));
            int gone = archive.forget(id(cutoff), BATCH);
            long over = rows - gone - bounds.stories();
            if (over > 0) gone += archive.forget(MailId.of(Long.MAX_VALUE), (int) Math.min(over, BATCH));
            rows -= gone;
            sweeping = gone > 0;
        } catch (IOException e) {
            sweeping = false;
            LOG.warn("Old stories of mails cannot be deleted now: {}", e.getMessage());
        }
        if (!sweeping) sweep = System.nanoTime() + REST.toNanos();
    }

    /** Ids hold the microsecond in which they were given. */
    private static MailId id(Instant instant) {
        return MailId.of(Math.max(0, ChronoUnit.MICROS.between(Instant.EPOCH, instant)));
    }

    private void tellOfLosses() {
        long events = buffer.lost();
        if (events > 0)
            LOG.warn("{} steps of mails are left out of their stories: more came than can be written", events);
        if (lost > lostBefore && lostBefore == 0)
            LOG.warn("Stories of mails are being lost: the database has been away for too long");
        lostBefore = lost;
    }

    /** Writes what is left. */
    @Override
    public void close() {
        closed = true;
        wake();
        try {
            thread.join(ENDING.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        new ArrayList<>(traces).forEach(Trace::end);
        tasks.forEach(Runnable::run);
    }
}
