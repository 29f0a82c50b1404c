package org.posthorn.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusTest {
    @Test
    void json_is_json_whatever_the_facts_say() {
        String json = Status.json(7, Duration.ofSeconds(90), List.of("data /a\"b\\c", "tab\there"));
        assertThat(Json.read(json))
                .isEqualTo(Map.of(
                        "running",
                        true,
                        "pid",
                        7.0,
                        "uptimeSeconds",
                        90.0,
                        "facts",
                        List.of("data /a\"b\\c", "tab here")));
    }

    @Test
    void time_is_told_in_two_units_at_most() {
        assertThat(List.of(59L, 60L, 3_661L, 90_000L).stream().map(s -> Status.words(Duration.ofSeconds(s))))
                .containsExactly("59 s", "1 min", "1 h 1 min", "1 d 1 h");
    }
}
