package org.posthorn.queue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.mail.Reply;

/**
 * The deliveries of one transport, in a lane for each destination. Lanes take turns; in each runs a bounded number at once, which begins at two and grows with
 * success. When a destination is found down, those who wait in its lane are put off without an attempt, and so a dead host costs one attempt and not one for
 * each mail; the next mail tries again. When the first in a lane has waited for too long, who comes then is put off as well.
 *
 * <p>Everything below {@code this} is guarded by it; deliveries run outside.
 */
final class Lanes {

    /** A delivery, which throws nothing. */
    interface Job {

        /** @return an outcome that speaks of the whole destination, when it is down */
        Optional<Outcome.Deferred> run();

        /** It is put off instead. */
        void putOff(Outcome.Deferred why);
    }

    /** The queue stops; what did not run goes on in the next one. */
    static final Outcome.Deferred STOPPED =
            new Outcome.Deferred("", new Reply(421, "4.3.2", "the server stops; it goes on later"));

    /** Its lane stands still; it comes again when there may be room. */
    static final Outcome.Deferred BUSY =
            new Outcome.Deferred("", new Reply(451, "4.4.5", "too much waits for this destination"));

    /** Nobody was asked: its sender wants it to wait. */
    static final Outcome.Deferred POSTPONED =
            new Outcome.Deferred("", new Reply(450, "4.0.0", "it waits as its sender wishes"));

    /** How long the first in a lane may have waited before nobody else is let in. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private record Waiting(Job job, long since) {}

    private record Turn(Lane lane, Job job) {}

    private static final class Lane {
        final String destination;
        final Deque<Waiting> waiting = new ArrayDeque<>();
        int running;
        int allowed = 2;
        boolean ready;

        Lane(String destination) {
            this.destination = destination;
        }
    }

    private final Executor threads;
    private final LongSupplier nanoTime;
    private final IntSupplier mostAtOnce;
    private final IntSupplier mostInLane;
    private final Map<String, Lane> lanes = new HashMap<>();
    private final Deque<Lane> ready = new ArrayDeque<>();
    private int workers;
    /** Workers that were asked for and have not taken a turn yet. */
    private int coming;

    private boolean closed;

    /**
     * @param nanoTime as {@link System#nanoTime}: how long somebody has waited is not the wall clock's to say
     * @param mostAtOnce deliveries at once in all
     * @param mostInLane deliveries at once to one destination
     */
    Lanes(Executor threads, LongSupplier nanoTime, IntSupplier mostAtOnce, IntSupplier mostInLane) {
        this.threads = threads;
        this.nanoTime = nanoTime;
        this.mostAtOnce = mostAtOnce;
        this.mostInLane = mostInLane;
    }

    void add(String destination, Job job) {
        Outcome.Deferred not = closed() ? STOPPED : BUSY;
        if (!enter(destination, job)) job.putOff(not);
    }

    private synchronized boolean closed() {
        return closed;
    }

    private synchronized boolean enter(String destination, Job job) {
        Lane lane = lanes.computeIfAbsent(destination, Lane::new);
        long now = nanoTime.getAsLong();
        if (closed || !lane.waiting.isEmpty() && now - lane.waiting.peek().since() > PATIENCE.toNanos()) return false;
        lane.waiting.add(new Waiting(job, now));
        offer(lane);
        call();
        return true;
    }

    /** The lane gets a turn, if something waits in it that may run. */
    private void offer(Lane lane) {
        if (lane.ready || lane.waiting.isEmpty() || lane.running >= lane.allowed) return;
        lane.ready = true;
        ready.add(lane);
    }

    /** Somebody comes, if there are more turns than hands. */
    private void call() {
        if (ready.size() > coming && workers < mostAtOnce.getAsInt()) {
            workers++;
            coming++;
            threads.execute(this::work);
        }
    }

    private void work() {
        boolean gone = false;
        try {
            Optional<Turn> turn = first();
            while (turn.isPresent()) {
                take(turn.get());
                turn = next();
            }
            gone = true;
        } finally {
            // Even what must not be thrown leaves the count right.
            if (!gone) leave();
        }
    }

    private void take(Turn turn) {
        Optional<Outcome.Deferred> down = Optional.empty();
        List<Job> behind;
        try {
            down = turn.job().run();
        } finally {
            behind = ended(turn.lane(), down.isPresent());
        }
        for (Job job : behind) job.putOff(down.orElseThrow());
    }

    private synchronized void leave() {
        workers--;
        call();
    }

    private synchronized Optional<Turn> first() {
        coming--;
        return next();
    }

    private synchronized Optional<Turn> next() {
        Lane lane = ready.poll();
        if (lane == null) {
            workers--;
            return Optional.empty();
        }
        lane.ready = false;
        lane.running++;
        Job job = lane.waiting.remove().job();
        offer(lane);
        call();
        return Optional.of(new Turn(lane, job));
    }

    /** @return those who are put off because the destination is down */
    private synchronized List<Job> ended(Lane lane, boolean down) {
        lane.running--;
        lane.allowed = down ? 1 : Math.min(mostInLane.getAsInt(), lane.allowed + 1);
        List<Job> behind = down ? empty(lane) : List.of();
        offer(lane);
        if (lane.running == 0 && lane.waiting.isEmpty()) lanes.remove(lane.destination);
        return behind;
    }

    private List<Job> empty(Lane lane) {
        List<Job> jobs = lane.waiting.stream().map(Waiting::job).toList();
        lane.waiting.clear();
        if (lane.ready) ready.remove(lane);
        lane.ready = false;
        return jobs;
    }

    /** What waits is put off; what runs ends by itself. */
    void close() {
        List<Job> left = new ArrayList<>();
        synchronized (this) {
            closed = true;
            lanes.values().forEach(lane -> left.addAll(empty(lane)));
        }
        left.forEach(job -> job.putOff(STOPPED));
    }
}
