package org.posthorn.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

    private static Options parse(String... args) throws Failure {
        return Options.parse(List.of(args), Map.of("POSTHORN_DATA", "/env", "POSTHORN_CONFIG", ""));
    }

    @Test
    void nothing_asks_for_help() throws Failure {
        assertThat(parse().verb()).isEqualTo(Options.Verb.HELP);
        assertThat(parse("exec", "--help").verb()).isEqualTo(Options.Verb.HELP);
    }

    @Test
    void the_command_line_wins_over_the_environment() throws Failure {
        assertThat(parse("run").value("--data")).contains("/env");
        assertThat(parse("run", "--data", "/here").value("--data")).contains("/here");
        assertThat(parse("run").has("--data")).isFalse();
        assertThat(parse("run", "--data", "/here").has("--data")).isTrue();
    }

    @Test
    void an_empty_variable_is_none() throws Failure {
        assertThat(parse("run").value("--config")).isEmpty();
    }

    @Test
    void options_stand_anywhere() throws Failure {
        Options options = parse("--port-offset", "7", "exec", "user:list", "--json");
        assertThat(options.command()).isEqualTo("user:list");
        assertThat(options.has("--json")).isTrue();
        assertThat(options.portOffset()).isEqualTo(7);
    }

    @Test
    void a_quoted_command_keeps_its_own_options() throws Failure {
        assertThat(parse("exec", "user:add a@b.test --password-file x").command())
                .isEqualTo("user:add a@b.test --password-file x");
    }

    @Test
    void an_unquoted_command_with_options_is_refused_with_the_remedy() {
        assertThatThrownBy(() -> parse("exec", "user:add", "a@b.test", "--password-file", "x"))
                .hasMessageContaining("one quoted word");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fly", "run twice", "exec", "run --data", "--wings run"})
    void what_makes_no_sense_is_a_usage_error(String line) {
        assertThatThrownBy(() -> parse(line.split(" ")))
                .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.exit).isEqualTo(ExitCode.USAGE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "60001", "x", "99999999999"})
    void a_port_offset_that_leaves_no_ports_is_refused(String offset) throws Failure {
        Options options = parse("run", "--port-offset", offset);
        assertThatThrownBy(options::portOffset).hasMessageContaining("0 to 60000");
    }
}
