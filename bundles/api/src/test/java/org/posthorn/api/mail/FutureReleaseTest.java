package org.posthorn.api.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FutureReleaseTest {

    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00.123456Z");

    @Test
    void an_interval_counts_from_now_in_whole_milliseconds() {
        assertThat(FutureRelease.holdFor("999999999", NOW))
                .contains(new FutureRelease(Instant.parse("2058-08-07T13:46:39.123Z"), "for;999999999"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "01", "-1", "+1", "1.5", "1000000000", "ten", " 1", "\u0661"})
    void other_intervals_are_none(String seconds) {
        assertThat(FutureRelease.holdFor(seconds, NOW)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-12-24",
                "2026-12-24T18:00Z",
                "2026-12-24T18:00:00",
                "2026-12-24 18:00:00Z",
                "2026-13-24T18:00:00Z",
                "2026-12-24T18:00:00+1",
                "2026-12-24T18:00:00+99:00",
                "12026-12-24T18:00:00Z",
                "2026-12-24T24:00:01Z"
            })
    void other_times_are_none(String time) {
        assertThat(FutureRelease.holdUntil(time)).isEmpty();
    }

    @Test
    void a_mail_is_as_old_as_its_release_when_that_came_later() {
        MailParameters with = MailParameters.NONE.with(new FutureRelease(NOW.plusSeconds(60), "for;60"));
        assertThat(with.earliest(NOW)).isEqualTo(NOW.plusSeconds(60).minusNanos(456_000));
        assertThat(with.earliest(NOW.plusSeconds(61))).isEqualTo(NOW.plusSeconds(61));
        assertThat(MailParameters.NONE.earliest(NOW)).isEqualTo(NOW);
    }
}
