package org.posthorn.users.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RememberedTest {

    private final AtomicLong time = new AtomicLong();
    private final AtomicInteger reads = new AtomicInteger();
    private final Remembered<String, Integer> remembered = new Remembered<>(time::get, key -> reads.incrementAndGet());

    @Test
    void it_is_read_once_a_second() throws IOException {
        assertThat(remembered.get("a")).isEqualTo(1);
        assertThat(remembered.get("a")).isEqualTo(1);
        time.addAndGet(Duration.ofMillis(1001).toNanos());
        assertThat(remembered.get("a")).isEqualTo(2);
    }

    @Test
    void an_own_write_is_seen_at_once() throws IOException {
        remembered.get("a");
        remembered.forget();
        assertThat(remembered.get("a")).isEqualTo(2);
    }

    @Test
    void what_was_read_while_somebody_wrote_is_not_kept() throws IOException {
        AtomicReference<Remembered<String, Integer>> self = new AtomicReference<>();
        self.set(new Remembered<>(time::get, key -> {
            if (reads.get() == 0) self.get().forget();
            return reads.incrementAndGet();
        }));
        assertThat(self.get().get("a")).isEqualTo(1);
        assertThat(self.get().get("a")).isEqualTo(2);
    }

    @Test
    void the_oldest_are_forgotten_when_there_are_too_many() throws IOException {
        for (int i = 0; i < 10_001; i++) remembered.get("key " + i);
        remembered.get("key 10000");
        assertThat(reads).hasValue(10_001);
        remembered.get("key 0");
        assertThat(reads).hasValue(10_002);
    }
}
