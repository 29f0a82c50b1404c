package org.posthorn.jmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** RFC 7493. */
class JsonTest {

    private static String read(String text) throws IOException {
        return Json.read(text.getBytes(StandardCharsets.UTF_8), 1000).toString();
    }

    @Test
    void what_everybody_reads_alike_is_read() throws IOException {
        assertThat(read(" {\"a\": [1, -2.5, 1e3, true, null, \"\\u00e9\\ud83d\\ude00\"], \"\": {}} "))
                .isEqualTo("{\"a\":[1,-2.5,1000.0,true,null,\"é😀\"],\"\":{}}");
        assertThat(read("9007199254740991")).isEqualTo("9007199254740991");
        assertThat(read("0")).isEqualTo("0");
    }

    @Test
    void what_only_some_would_read_is_refused() {
        for (String text : new String[] {
            "",
            "{",
            "[1,]",
            "{\"a\": 1, \"a\": 2}",
            "{\"a\": {\"b\": 1, \"\\u0062\": 2}}",
            "'a'",
            "{a: 1}",
            "NaN",
            "1e400",
            "-1e400",
            "9".repeat(400),
            "01",
            "+1",
            "\"\\ud800\"",
            "\"\\udc00\\ud800\"",
            "{\"\\ud800\": 1}",
            "\"\\uffff\"",
            "\"\\ufdd0\"",
            "\"\\ud83f\\udffe\"",
            "{\"\ufdef\": 1}",
            "\"a\nb\"",
            "1 2",
            "{} {}",
            "// x\n1",
            "\ufeff1",
            "[".repeat(101) + "]".repeat(101)
        })
            assertThatThrownBy(() -> read(text))
                    .as(text.substring(0, Math.min(20, text.length())))
                    .isInstanceOf(IOException.class);
    }

    /** Overlong, a surrogate by itself, beyond Unicode, cut off, ISO-8859-1. */
    @Test
    void what_is_not_utf_8_is_refused() {
        for (String hex : new String[] {"22c0af22", "22eda08022", "22f490808022", "22e282", "22e922", "22ff22"})
            assertThatThrownBy(() -> Json.read(HexFormat.of().parseHex(hex), 1000))
                    .as(hex)
                    .isInstanceOf(IOException.class);
    }

    @Test
    void many_short_values_are_too_much() {
        assertThatThrownBy(() -> read("[" + "[],".repeat(1000) + "0]")).isInstanceOf(Json.TooMuch.class);
    }

    @Test
    void many_levels_are_too_much() throws IOException {
        assertThat(read("[".repeat(100) + "]".repeat(100))).hasSize(200);
        assertThatThrownBy(() -> read("[".repeat(101) + "]".repeat(101))).isInstanceOf(Json.TooMuch.class);
    }

    @Test
    void whatever_comes_it_is_read_or_refused() throws IOException {
        Random random = new Random(8620);
        byte[] seed = "{\"using\": [\"a\\u00e9\"], \"methodCalls\": [[\"Core/echo\", {\"x\": -1.5e3}, \"c\"]]}"
                .getBytes(StandardCharsets.UTF_8);
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] text = seed.clone();
            for (int n = random.nextInt(4); n >= 0; n--) text[random.nextInt(text.length)] = (byte) random.nextInt(256);
            try {
                Json.MAPPER.writeValueAsBytes(Json.read(text, 1000));
                read++;
            } catch (JsonProcessingException | java.nio.charset.CharacterCodingException refused) {
                assertThat(refused).isInstanceOf(IOException.class);
            } catch (IOException refused) {
                assertThat(refused.getMessage()).isNotEmpty();
            }
        }
        assertThat(read).isPositive();
    }
}
