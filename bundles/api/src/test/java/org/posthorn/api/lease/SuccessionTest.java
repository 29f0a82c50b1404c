package org.posthorn.api.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SuccessionTest {

    private final String folder = UUID.randomUUID().toString();
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());

    private Succession<String> keeper(String name) {
        return Succession.begin(folder, before -> {
            log.add(name + " opens behind " + before);
            return name;
        });
    }

    private void close(Succession<String> keeper) {
        keeper.close(name -> log.add(name + " closes"));
    }

    @Test
    void the_first_has_it_at_once() throws IOException {
        Succession<String> first = keeper("first");
        assertThat(first.waits()).isFalse();
        assertThat(first.get()).isEqualTo("first");
        close(first);
        close(first);
        assertThat(log).containsExactly("first opens behind 0", "first closes");
    }

    @Test
    void the_next_waits_until_the_one_before_has_closed_it() throws Exception {
        Succession<String> first = keeper("first");
        Succession<String> second = keeper("second");
        assertThat(second.waits()).isTrue();
        CountDownLatch asks = new CountDownLatch(1);
        CompletableFuture<String> got = CompletableFuture.supplyAsync(() -> {
            asks.countDown();
            try {
                return second.get();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        asks.await();
        assertThat(got).isNotDone();
        close(first);
        assertThat(got.get(10, TimeUnit.SECONDS)).isEqualTo("second");
        close(second);
        assertThat(log)
                .containsExactly("first opens behind 0", "first closes", "second opens behind 1", "second closes");
    }

    @Test
    void one_that_gives_up_while_it_waits_is_passed_over() throws Exception {
        Succession<String> first = keeper("first");
        Succession<String> second = keeper("second");
        Succession<String> third = keeper("third");
        close(second);
        assertThatThrownBy(second::get).isInstanceOf(IOException.class).hasMessageContaining("closed");
        close(first);
        assertThat(third.get()).isEqualTo("third");
        close(third);
        assertThat(log).containsExactly("first opens behind 0", "first closes", "third opens behind 1", "third closes");
    }

    @Test
    void what_cannot_be_opened_is_said_to_whoever_asks_and_left_to_the_next() throws Exception {
        Succession<String> broken = Succession.begin(folder, before -> {
            throw new IOException("the disk is gone");
        });
        assertThatThrownBy(broken::get).hasMessage("the disk is gone");
        Succession<String> next = keeper("next");
        assertThat(next.get()).isEqualTo("next");
        close(broken);
        assertThat(keeper("another").waits()).isTrue();
        close(next);
    }

    @Test
    void an_error_does_not_keep_it_shut() throws Exception {
        Succession<String> broken = Succession.begin(folder, before -> {
            throw new OutOfMemoryError("made up");
        });
        assertThatThrownBy(broken::get).isInstanceOf(IOException.class).hasMessage("made up");
        Succession<String> next = keeper("next");
        assertThat(next.get()).isEqualTo("next");
        close(next);
    }
}
