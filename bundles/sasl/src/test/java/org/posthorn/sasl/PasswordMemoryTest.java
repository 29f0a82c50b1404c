package org.posthorn.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PasswordMemoryTest {

    private final AtomicLong time = new AtomicLong(-5);
    private final AtomicInteger checks = new AtomicInteger();

    /** Keeps a password by turning it round. */
    private PasswordMemory memory(Duration keep) {
        return new PasswordMemory(new SecureRandom(), keep, time::get, (password, kept) -> {
            checks.incrementAndGet();
            return new StringBuilder(password).reverse().toString().equals(kept);
        });
    }

    @Test
    void what_was_right_lately_is_not_checked_again() throws IOException {
        PasswordMemory memory = memory(Duration.ofMinutes(5));
        for (int i = 0; i < 3; i++) assertThat(memory.verify("abc", "cba")).isTrue();
        assertThat(checks).hasValue(1);
    }

    @Test
    void what_was_wrong_is_checked_each_time() throws IOException {
        PasswordMemory memory = memory(Duration.ofMinutes(5));
        memory.verify("abc", "cba");
        for (int i = 0; i < 3; i++) assertThat(memory.verify("abx", "cba")).isFalse();
        assertThat(checks).hasValue(4);
    }

    @Test
    void it_is_forgotten_in_time() throws IOException {
        PasswordMemory memory = memory(Duration.ofMinutes(5));
        memory.verify("abc", "cba");
        time.addAndGet(Duration.ofMinutes(6).toNanos());
        assertThat(memory.verify("abc", "cba")).isTrue();
        assertThat(checks).hasValue(2);
    }

    @Test
    void a_changed_password_ends_the_old_one() throws IOException {
        PasswordMemory memory = memory(Duration.ofMinutes(5));
        memory.verify("abc", "cba");
        assertThat(memory.verify("abc", "fed")).isFalse();
    }

    @Test
    void nothing_is_remembered_for_no_time() throws IOException {
        PasswordMemory memory = memory(Duration.ZERO);
        for (int i = 0; i < 2; i++) memory.verify("abc", "cba");
        assertThat(checks).hasValue(2);
    }

    @Test
    void the_oldest_are_forgotten_when_there_are_too_many() throws IOException {
        PasswordMemory memory = memory(Duration.ofMinutes(5));
        memory.verify("abc", "cba");
        for (int i = 0; i < 10_000; i++) {
            String password = Integer.toString(i);
            memory.verify(password, new StringBuilder(password).reverse().toString());
        }
        checks.set(0);
        memory.verify("abc", "cba");
        assertThat(checks).hasValue(1);
    }
}
