package org.posthorn.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceTest {
    @TempDir
    Path data;

    private Site site;

    @BeforeEach
    void lay() throws Exception {
        site = new Site(data, data, data, 0);
        Files.createDirectory(site.run());
    }

    @Test
    void a_second_one_on_the_same_data_is_refused_with_the_pid_of_the_first() throws Exception {
        try (Instance first = Instance.take(site)) {
            first.writePid();
            assertThatThrownBy(() -> Instance.take(site))
                    .hasMessageEndingWith("(pid " + ProcessHandle.current().pid() + ")")
                    .isInstanceOfSatisfying(
                            Failure.class, e -> assertThat(e.exit).isEqualTo(ExitCode.ALREADY_RUNNING));
        }
    }

    @Test
    void the_next_one_takes_over_and_clears_what_was_left() throws Exception {
        Files.writeString(site.up(), "x");
        Instance.take(site).close();
        try (Instance next = Instance.take(site)) {
            next.writePid();
            assertThat(site.up()).doesNotExist();
        }
        assertThat(site.pid()).doesNotExist();
    }

    @Test
    void closing_twice_leaves_the_files_of_the_next_one_alone() throws Exception {
        Instance first = Instance.take(site);
        first.close();
        try (Instance next = Instance.take(site)) {
            next.writePid();
            first.close();
            assertThat(site.pid()).exists();
        }
    }

    @Test
    void no_pid_file_means_not_running() {
        assertThat(Instance.running(site)).isEmpty();
    }

    @Test
    void a_pid_file_of_a_process_that_is_gone_means_not_running() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Files.writeString(site.pid(), gone.pid() + "\n");
        assertThat(Instance.running(site)).isEmpty();
    }

    @Test
    void a_pid_that_another_process_has_got_since_means_not_running() throws Exception {
        Files.writeString(site.pid(), ProcessHandle.current().pid() + "\n");
        Files.setLastModifiedTime(site.pid(), FileTime.from(Instant.now().minusSeconds(86_400)));
        assertThat(Instance.running(site)).isEmpty();
    }

    @Test
    void rubbish_in_the_pid_file_means_not_running() throws Exception {
        Files.writeString(site.pid(), "none of your business");
        assertThat(Instance.running(site)).isEmpty();
    }
}
