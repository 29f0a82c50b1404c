package org.posthorn.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.posthorn.api.lease.Heirloom;

class PasswordMemoryTest {

    private final AtomicLong time = new AtomicLong(-5);
    private final AtomicInteger checks = new AtomicInteger();

    /** Keeps a password by turning it round. */
    private PasswordMemory memory(Duration keep) {
        return memory(new LinkedHashMap<>(), PasswordMemory.fresh(new SecureRandom()), keep);
    }

    private PasswordMemory memory(Map<String, Long> fitted, byte[] key, Duration keep) {
        return new PasswordMemory(fitted, key, keep, time::get, (password, kept) -> {
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
    void the_next_one_goes_on_with_it_unless_it_shall_remember_nothing() throws IOException {
        Map<String, Long> fitted = new LinkedHashMap<>();
        byte[] key = PasswordMemory.fresh(new SecureRandom());
        memory(fitted, key, Duration.ofMinutes(5)).verify("abc", "cba");
        assertThat(memory(fitted, key, Duration.ofMinutes(5)).verify("abc", "cba"))
                .isTrue();
        assertThat(checks).hasValue(1);
        assertThat(memory(fitted, key, Duration.ofMinutes(5)).verify("abc", "changed"))
                .isFalse();
        time.addAndGet(Duration.ofMinutes(4).toNanos());
        memory(fitted, key, Duration.ofMinutes(3)).verify("abc", "cba");
        assertThat(checks).as("a shorter time counts at once").hasValue(3);
        memory(fitted, key, Duration.ZERO);
        assertThat(fitted).isEmpty();
    }

    @Test
    void what_is_handed_down_is_there_for_all_of_that_name_and_no_other() throws IOException {
        SecureRandom random = new SecureRandom();
        String hash = new Passwords(random).hash("abc", PasswordScheme.SHA512_CRYPT);
        String name = "a name of this test";
        assertThat(PasswordMemory.handedDown(name, random, Duration.ofMinutes(5), time::get)
                        .verify("abc", hash))
                .isTrue();
        Map<String, Long> fitted = Heirloom.map("passwords that were right, 1: " + name);
        Map<String, Long> other = Heirloom.map("passwords that were right, 1: another name");
        assertThat(fitted).hasSize(1);
        assertThat(other).isEmpty();
        assertThat(fitted.keySet().toString()).doesNotContain("abc");
        PasswordMemory.handedDown(name, random, Duration.ofMinutes(5), time::get)
                .verify("abc", hash);
        assertThat(fitted).as("under the same key").hasSize(1);
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
