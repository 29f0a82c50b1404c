package org.posthorn.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static final String FEATURE = """
            { "id": "a:b:1", "bundles": [ { "id": "g:a:1", "bundleStartLevel": 10 } ], "x": null, "y": [true, false, -1.5e2] }
            """;

    @Test
    void values_of_every_kind_are_read() {
        Map<?, ?> read = (Map<?, ?>) Json.read(FEATURE);
        assertThat(read.get("bundles")).isEqualTo(List.of(Map.of("id", "g:a:1", "bundleStartLevel", 10.0)));
        assertThat(read.get("y")).isEqualTo(Arrays.asList(true, false, -150.0));
        assertThat(read.containsKey("x")).isTrue();
    }

    @Test
    void escapes_are_resolved() {
        assertThat(Json.read("\"a\\n\\u00e9\\\"\\\\\\/\"")).isEqualTo("a\né\"\\/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[1",
                "[1 2]",
                "[1,]",
                "{\"a\" 1}",
                "{\"a\":1,\"a\":2}",
                "\"\n\"",
                "\"\\x\"",
                "\"\\u12g4\"",
                "nul",
                "1 2",
                "{} {}",
                "--1"
            })
    void what_is_no_json_is_refused(String text) {
        assertThatThrownBy(() -> Json.read(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_place_of_a_mistake_is_told() {
        assertThatThrownBy(() -> Json.read("{\n\"a\": ?}")).hasMessage("line 2: a value is expected");
    }

    @Test
    void depth_is_bounded() {
        assertThatThrownBy(() -> Json.read("[".repeat(100_000))).hasMessageContaining("nested too deep");
    }

    @Test
    void mutations_are_read_or_refused() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(FEATURE);
            for (int n = random.nextInt(4); n >= 0; n--) {
                text.setCharAt(random.nextInt(text.length()), "{}[]\",:\\u019tfn-.e \n\0".charAt(random.nextInt(21)));
            }
            try {
                Json.read(text.substring(random.nextInt(3)));
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).startsWith("line ");
            }
        }
    }
}
