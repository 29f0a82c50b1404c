package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.mail.Reply;

@Timeout(60)
class LanesTest {

    private static final Outcome.Deferred DOWN = new Outcome.Deferred("mx", new Reply(451, "4.4.1", "no answer"));

    private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 5);
    private final List<String> log = new ArrayList<>();
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final Lanes lanes = new Lanes(tasks::add, time::get, () -> 1, () -> 10);

    @Test
    void destinations_take_turns() {
        for (String job : List.of("a1", "a2", "a3", "b1", "c1", "b2")) lanes.add(job.substring(0, 1), job(job, false));
        run();
        assertThat(log).containsExactly("a1", "b1", "c1", "a2", "b2", "a3");
    }

    @Test
    void when_a_destination_is_down_those_who_wait_for_it_are_put_off_and_the_next_tries_again() {
        lanes.add("a", job("a1", true));
        lanes.add("a", job("a2", false));
        lanes.add("b", job("b1", false));
        lanes.add("a", job("a3", false));
        run();
        assertThat(log).containsExactly("a1", "a2 put off 4.4.1", "a3 put off 4.4.1", "b1");
        lanes.add("a", job("a4", false));
        run();
        assertThat(log).endsWith("a4");
    }

    @Test
    void who_comes_to_a_lane_that_stands_still_is_put_off() {
        lanes.add("a", job("a1", false));
        time.addAndGet(Duration.ofSeconds(30).toNanos());
        lanes.add("a", job("a in time", false));
        time.incrementAndGet();
        lanes.add("a", job("a2", false));
        lanes.add("b", job("b1", false));
        assertThat(log).containsExactly("a2 put off 4.4.5");
        run();
        assertThat(log).containsExactly("a2 put off 4.4.5", "a1", "b1", "a in time");
    }

    @Test
    void closed_lanes_put_off_what_waits_and_what_comes() {
        lanes.add("a", job("a1", false));
        lanes.close();
        lanes.add("a", job("a2", false));
        run();
        assertThat(log).containsExactly("a1 put off 4.3.2", "a2 put off 4.3.2");
    }

    @Test
    void a_job_that_throws_what_it_must_not_leaves_the_lane_usable() {
        lanes.add("a", new Lanes.Job() {
            @Override
            public Optional<Outcome.Deferred> run() {
                throw new AssertionError("must not be");
            }

            @Override
            public void putOff(Outcome.Deferred why) {}
        });
        assertThat(org.assertj.core.api.Assertions.catchThrowable(this::run)).isInstanceOf(AssertionError.class);
        lanes.add("a", job("a2", false));
        run();
        assertThat(log).containsExactly("a2");
    }

    @Test
    void no_more_run_at_once_than_the_transport_and_the_destination_may() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        Lanes parallel = new Lanes(threads, time::get, () -> 6, () -> 4);
        AtomicInteger all = new AtomicInteger();
        AtomicInteger a = new AtomicInteger();
        AtomicInteger mostOfAll = new AtomicInteger();
        AtomicInteger mostOfA = new AtomicInteger();
        CountDownLatch left = new CountDownLatch(600);
        for (int i = 0; i < 600; i++) {
            boolean toA = i % 3 > 0;
            parallel.add(
                    toA ? "a" : "b" + i % 7, counted(all, mostOfAll, toA ? a : new AtomicInteger(), mostOfA, left));
        }
        assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
        threads.shutdown();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(mostOfAll.get()).isBetween(2, 6);
        assertThat(mostOfA.get()).isBetween(1, 4);
    }

    @Test
    void a_lane_begins_with_two_at_once_and_grows_with_success() {
        Lanes wide = new Lanes(tasks::add, time::get, () -> 100, () -> 4);
        List<Integer> workers = new ArrayList<>();
        for (int i = 0; i < 20; i++) wide.add("a", simple(() -> workers.add(tasks.size())));
        assertThat(tasks).hasSize(1);
        run();
        // While the first worker is at work, a second is asked for; then, with each success, another: up to four in
        // all.
        assertThat(workers).hasSize(20).startsWith(1).allMatch(more -> more <= 3);
    }

    private static Lanes.Job simple(Runnable work) {
        return new Lanes.Job() {
            @Override
            public Optional<Outcome.Deferred> run() {
                work.run();
                return Optional.empty();
            }

            @Override
            public void putOff(Outcome.Deferred why) {}
        };
    }

    private static Lanes.Job counted(
            AtomicInteger all,
            AtomicInteger mostOfAll,
            AtomicInteger lane,
            AtomicInteger mostOfLane,
            CountDownLatch left) {
        return simple(() -> {
            mostOfAll.accumulateAndGet(all.incrementAndGet(), Math::max);
            mostOfLane.accumulateAndGet(lane.incrementAndGet(), Math::max);
            Thread.yield();
            lane.decrementAndGet();
            all.decrementAndGet();
            left.countDown();
        });
    }

    private Lanes.Job job(String name, boolean down) {
        return new Lanes.Job() {
            @Override
            public Optional<Outcome.Deferred> run() {
                log.add(name);
                return down ? Optional.of(DOWN) : Optional.empty();
            }

            @Override
            public void putOff(Outcome.Deferred why) {
                log.add(name + " put off " + why.reply().enhanced());
            }
        };
    }

    private void run() {
        while (!tasks.isEmpty()) tasks.remove().run();
    }
}
