package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CrewTest {

    @Test
    void the_process_hears_of_a_timer_that_finds_no_memory() {
        OutOfMemoryError lack = new OutOfMemoryError("made for this test");
        CompletableFuture<Throwable> heard = new CompletableFuture<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, why) -> heard.complete(why));
        try (Crew crew = new Crew(Duration.ZERO)) {
            crew.later(0, () -> {
                throw lack;
            });
            assertThat(heard.join()).isSameAs(lack);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }
}
