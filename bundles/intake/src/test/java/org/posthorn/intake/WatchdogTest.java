package org.posthorn.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(30)
class WatchdogTest {

    private static final int WORKERS = 2;

    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(2 * WORKERS);
    private final Watchdog watchdog =
            new Watchdog(settings(Duration.ofMillis(200)), Watchdog.MOST_LOST, Clock.systemUTC());

    private static Settings settings(Duration limit) {
        return new Settings(List.of(), Duration.ZERO, limit, Duration.ofMinutes(1), WORKERS, 30);
    }

    @AfterEach
    void close() {
        end.countDown();
        watchdog.close();
    }

    private String deaf(Watchdog.Turn turn) {
        awaitUninterruptibly(end);
        ended.countDown();
        return "late";
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean over = false;
        while (!over) {
            try {
                latch.await();
                over = true;
            } catch (InterruptedException ignoring) {
                // That is what it does.
            }
        }
    }

    @Test
    void threads_that_do_not_come_back_are_replaced() throws Exception {
        for (int i = 0; i < 2 * WORKERS; i++)
            assertThatThrownBy(() -> watchdog.watch(this::deaf)).hasMessageContaining("no answer within");
        assertThat(watchdog.<String>watch(turn -> "in time")).isEqualTo("in time");
        end.countDown();
        ended.await();
        assertThat(watchdog.<String>watch(turn -> "still")).isEqualTo("still");
    }

    @Test
    void when_all_threads_are_at_work_there_is_no_verdict() throws Exception {
        watchdog.change(settings(Duration.ofMinutes(1)));
        CountDownLatch begun = new CountDownLatch(WORKERS);
        ExecutorService mails = Executors.newFixedThreadPool(WORKERS);
        for (int i = 0; i < WORKERS; i++)
            mails.submit(() -> watchdog.watch(turn -> {
                begun.countDown();
                return deaf(turn);
            }));
        begun.await();
        assertThatThrownBy(() -> watchdog.watch(turn -> "in time")).hasMessageContaining("all 2 threads");
        end.countDown();
        mails.shutdown();
        assertThat(mails.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(watchdog.<String>watch(turn -> "again")).isEqualTo("again");
    }

    /** One that is given up before it has begun is not lost. */
    private void lose(int threads, Watchdog patient) {
        while (patient.lost() < threads)
            assertThatThrownBy(() -> patient.watch(this::deaf)).hasMessageContaining("no answer within");
    }

    @Test
    void who_is_patient_has_a_thread_made_for_one_that_ended() throws Exception {
        Settings brief = settings(Duration.ofMillis(200));
        try (Watchdog patient = new Watchdog(brief, 0, Duration.ofMinutes(1), Clock.systemUTC())) {
            lose(1, patient);
            patient.change(settings(Duration.ofMinutes(1)));
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch held = new CountDownLatch(1);
            FutureTask<String> other = new FutureTask<>(() -> patient.watch(turn -> {
                begun.countDown();
                awaitUninterruptibly(held);
                return "held";
            }));
            new Thread(other).start();
            begun.await();
            FutureTask<String> asked = new FutureTask<>(() -> patient.watch(turn -> "in time"));
            Thread asking = new Thread(asked);
            asking.start();
            while (!asked.isDone() && asking.getState() != Thread.State.TIMED_WAITING) Thread.onSpinWait();
            end.countDown();
            assertThat(asked.get()).isEqualTo("in time");
            held.countDown();
            assertThat(other.get()).isEqualTo("held");
        }
    }

    @Test
    void threads_that_are_all_lost_are_not_waited_for() {
        try (Watchdog patient =
                new Watchdog(settings(Duration.ofMillis(200)), 0, Duration.ofMinutes(1), Clock.systemUTC())) {
            lose(WORKERS, patient);
            assertThatThrownBy(() -> patient.watch(turn -> "late")).hasMessageContaining("all 2 threads");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_thread_that_loops_is_put_behind_the_others_and_not_used_again() throws Exception {
        AtomicReference<Path> task = new AtomicReference<>();
        AtomicBoolean over = new AtomicBoolean();
        int usual = nice(task());
        assertThatThrownBy(() -> watchdog.watch(turn -> {
                    task.set(task());
                    while (!over.get()) Thread.onSpinWait();
                    return "late";
                }))
                .hasMessageContaining("no answer within");
        while (nice(task.get()) != 10) Thread.onSpinWait();
        assertThat(watchdog.lost()).isEqualTo(1);
        assertThat(nice(watchdog.watch(turn -> task()))).isEqualTo(usual);
        over.set(true);
        while (Files.exists(task.get())) Thread.onSpinWait();
        assertThat(watchdog.lost()).isZero();
        for (int i = 0; i < 2 * WORKERS; i++)
            assertThat(nice(watchdog.watch(turn -> task()))).isEqualTo(usual);
    }

    private static Path task() {
        try {
            return Path.of("/proc").resolve(Files.readSymbolicLink(Path.of("/proc/thread-self")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int nice(Path task) throws IOException {
        String stat = Files.readString(task.resolve("stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
    }
}
