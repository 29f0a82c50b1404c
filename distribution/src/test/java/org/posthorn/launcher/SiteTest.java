package org.posthorn.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteTest {
    private static Site site(Path home, String... args) throws Failure {
        return Site.of(home, Options.parse(List.of(args), Map.of()));
    }

    @Test
    void all_lies_in_the_unpacked_zip_by_default() throws Failure {
        Site site = site(Path.of("/opt/posthorn"), "run");
        assertThat(site.data()).isEqualTo(Path.of("/opt/posthorn/data"));
        assertThat(site.config()).isEqualTo(Path.of("/opt/posthorn/config"));
        assertThat(site.command("status")).isEqualTo("/opt/posthorn/bin/posthorn status");
    }

    @Test
    void the_next_command_is_told_for_this_very_instance() throws Failure {
        Site site = site(Path.of("/opt/posthorn"), "run", "--data", "/d", "--config", "/c");
        assertThat(site.command("status")).isEqualTo("/opt/posthorn/bin/posthorn status --data /d --config /c");
    }

    @Test
    void a_shipped_profile_is_found_from_any_working_directory(@TempDir Path home) throws Exception {
        Files.createDirectories(home.resolve("examples/loopback-test"));
        assertThat(site(home, "run", "--config", "examples/loopback-test").config())
                .isEqualTo(home.resolve("examples/loopback-test"));
        assertThat(site(home, "run", "--config", "examples/other").config())
                .isEqualTo(Path.of("examples/other").toAbsolutePath());
    }

    @Test
    void a_path_too_long_for_a_socket_falls_back_to_a_port() throws Failure {
        assertThat(site(Path.of("/h"), "run", "--data", "/short").control()).isEqualTo("unix:/short/run/control.sock");
        String deep = "/" + "d".repeat(100);
        assertThat(site(Path.of("/h"), "run", "--data", deep).control()).isEqualTo("tcp:" + deep + "/run/control.port");
    }
}
