package org.posthorn.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WatchdogTest {

    private static final int WORKERS = 2;

    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(2 * WORKERS);
    private final Watchdog watchdog = new Watchdog(
            new Settings(List.of(), Duration.ZERO, Duration.ofMillis(200), Duration.ofMinutes(1), WORKERS, 30),
            Clock.systemUTC());

    @AfterEach
    void close() {
        end.countDown();
        watchdog.close();
    }

    private String deaf(Watchdog.Turn turn) {
        boolean over = false;
        while (!over) {
            try {
                end.await();
                over = true;
            } catch (InterruptedException ignoring) {
                // That is what it does.
            }
        }
        ended.countDown();
        return "late";
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
        watchdog.change(
                new Settings(List.of(), Duration.ZERO, Duration.ofMinutes(1), Duration.ofMinutes(1), WORKERS, 30));
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
}
