package org.posthorn.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoopTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE);
    private int rounds;

    /** Lacks memory in each of the first rounds. */
    private void run(int lacks, Duration apart) {
        new Loop(Runnable::run, now::get).execute(() -> {
            if (++rounds > lacks) return;
            now.addAndGet(apart.toNanos());
            throw new OutOfMemoryError("in a test");
        });
    }

    @Test
    void lacks_that_are_apart_are_gone_on_behind() {
        run(20, Duration.ofMillis(120));
        assertThat(rounds).isEqualTo(21);
    }

    @Test
    void nine_lacks_on_end_are_gone_on_behind() {
        run(9, Duration.ZERO);
        assertThat(rounds).isEqualTo(10);
    }

    @Test
    void ten_lacks_within_a_second_end_the_thread() {
        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> run(20, Duration.ofMillis(100)));
        assertThat(rounds).isEqualTo(10);
    }
}
