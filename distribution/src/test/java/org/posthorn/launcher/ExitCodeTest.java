package org.posthorn.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExitCodeTest {
    @Test
    void causes_of_the_api_have_their_codes() {
        assertThat(Stream.of("CONFIG", "PORT", "DATA", "OTHER").map(cause -> ExitCode.ofCause(cause).number))
                .containsExactly(78, 76, 73, 70);
    }

    @Test
    void the_help_tells_every_code() throws Exception {
        String help = new String(ExitCode.class.getResourceAsStream("help.txt").readAllBytes(), StandardCharsets.UTF_8);
        String codes = help.substring(help.indexOf("Exit codes:"));
        for (ExitCode exit : ExitCode.values()) {
            assertThat(codes).containsPattern("\\b" + exit.number + "\\b");
        }
    }
}
