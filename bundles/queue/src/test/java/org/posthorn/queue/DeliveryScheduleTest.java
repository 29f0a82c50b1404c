package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryScheduleTest {

    private static final Instant ARRIVED = Bench.START;

    @ParameterizedTest
    @CsvSource({"1, PT5M", "2, PT10M", "3, PT1H", "4, PT1H", "99, PT1H", "0, PT5M"})
    void the_pauses_follow_the_list_and_the_last_one_stays(int attempts, Duration pause) {
        for (int seed = 0; seed < 100; seed++) {
            Instant now = ARRIVED.plusSeconds(60);
            Instant next = Bench.SCHEDULE.next(ARRIVED, attempts, now, new Random(seed));
            assertThat(Duration.between(now, next).toMillis())
                    .isBetween(pause.toMillis() * 9 / 10, pause.toMillis() * 11 / 10);
        }
    }

    @Test
    void attempts_are_spread() {
        Random random = new Random(5);
        assertThat(java.util.stream.Stream.generate(() -> Bench.SCHEDULE.next(ARRIVED, 1, ARRIVED, random))
                        .limit(100)
                        .distinct()
                        .count())
                .isGreaterThan(90);
    }

    @Test
    void the_last_attempt_is_at_the_end_and_not_behind_it() {
        Instant end = ARRIVED.plus(Duration.ofDays(5));
        Instant shortly = end.minusSeconds(90);
        assertThat(Bench.SCHEDULE.next(ARRIVED, 9, shortly, new Random(1))).isEqualTo(end);
        assertThat(Bench.SCHEDULE.expired(ARRIVED, 99, end.minusMillis(1))).isFalse();
        assertThat(Bench.SCHEDULE.expired(ARRIVED, 99, end)).isTrue();
    }

    @Test
    void what_was_not_tried_as_often_as_there_are_pauses_is_not_given_up() {
        Instant nextYear = ARRIVED.plus(Duration.ofDays(365));
        assertThat(Bench.SCHEDULE.expired(ARRIVED, 2, nextYear)).isFalse();
        assertThat(Bench.SCHEDULE.expired(ARRIVED, 3, nextYear)).isTrue();
    }

    @Test
    void no_pause_reaches_the_horizon() {
        for (int attempts = 0; attempts < 9; attempts++)
            assertThat(Bench.SCHEDULE.next(ARRIVED, attempts, ARRIVED, new Random(attempts)))
                    .isBefore(Bench.SCHEDULE.horizon(ARRIVED));
        assertThat(Bench.SCHEDULE.horizon(ARRIVED)).isBefore(ARRIVED.plus(Duration.ofMinutes(70)));
    }

    @Test
    void the_sender_is_told_of_a_delay_after_its_time() {
        assertThat(Bench.SCHEDULE.late(
                        ARRIVED, ARRIVED.plus(Duration.ofHours(4)).minusMillis(1)))
                .isFalse();
        assertThat(Bench.SCHEDULE.late(ARRIVED, ARRIVED.plus(Duration.ofHours(4))))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"30s, PT30S", "5m, PT5M", " 4h , PT4H", "5d, PT120H", "0s, PT0S"})
    void spans_of_time_are_read(String text, Duration span) {
        assertThat(Durations.parse(text)).contains(span);
    }

    @ParameterizedTest
    @CsvSource({"''", "5", "m", "-5m", "5 m", "5m5s", "9999999d", "5M"})
    void what_is_no_span_of_time_is_none(String text) {
        assertThat(Durations.parse(text)).isEmpty();
    }
}
