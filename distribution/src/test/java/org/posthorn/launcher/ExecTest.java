package org.posthorn.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecTest {

    @TempDir
    private Path folder;

    @Test
    void a_data_directory_that_is_typed_and_not_there_is_not_made() throws Failure {
        Path wrong = folder.resolve("wrong");
        Options options = Options.parse(List.of("exec", "user:list", "--data", wrong.toString()), Map.of());
        Site site = Site.of(folder, options);
        assertThatThrownBy(new Exec(site, options)::run)
                .isInstanceOf(Failure.class)
                .hasMessageContaining("there is no data directory " + wrong);
        assertThat(wrong).doesNotExist();
    }

    @Test
    void lines_for_a_server_that_is_not_there_are_not_waited_for() throws Failure {
        Options options = Options.parse(List.of("shell"), Map.of());
        Site site = Site.of(folder, options);
        assertThatThrownBy(new Exec(site, options)::script)
                .isInstanceOf(Failure.class)
                .hasMessageContaining("no server is running");
    }

    @Test
    void a_script_is_read_whole_or_refused() throws Exception {
        String longest = "ü".repeat(1 << 17);
        assertThat(Exec.script(in(longest))).isEqualTo(longest);
        assertThatThrownBy(() -> Exec.script(in(longest + "ü")))
                .isInstanceOf(Failure.class)
                .hasMessage("what comes in is longer than 262144 octets");
    }

    private static InputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
