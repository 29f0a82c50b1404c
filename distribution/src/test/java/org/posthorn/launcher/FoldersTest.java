package org.posthorn.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
    @TempDir
    Path scratch;

    private Site site;

    @BeforeEach
    void ship() throws IOException {
        Files.createDirectories(scratch.resolve("home/config"));
        Files.writeString(scratch.resolve("home/config/a.cfg"), "shipped");
        site = new Site(scratch.resolve("home"), scratch.resolve("data"), scratch.resolve("config"), 0);
    }

    @Test
    void data_are_for_their_owner_alone() throws Exception {
        Folders.prepare(site);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(site.data())))
                .isEqualTo("rwx------");
    }

    @Test
    void a_missing_configuration_is_filled() throws Exception {
        Folders.prepare(site);
        assertThat(site.config().resolve("a.cfg")).hasContent("shipped");
    }

    @Test
    void an_empty_configuration_is_filled() throws Exception {
        Files.createDirectory(site.config());
        Folders.prepare(site);
        assertThat(site.config().resolve("a.cfg")).hasContent("shipped");
    }

    @Test
    void a_configuration_is_never_touched() throws Exception {
        Files.createDirectory(site.config());
        Files.writeString(site.config().resolve("b.cfg"), "mine");
        Folders.prepare(site);
        assertThat(site.config().resolve("a.cfg")).doesNotExist();
    }

    @Test
    void a_second_start_finds_its_data() throws Exception {
        Folders.prepare(site);
        Files.writeString(site.data().resolve("mail"), "x");
        Folders.prepare(site);
        assertThat(site.data().resolve("mail")).exists();
    }

    @Test
    void a_directory_of_somebody_else_is_left_alone() throws Exception {
        Files.createDirectory(site.data());
        Files.writeString(site.data().resolve("thesis.tex"), "x");
        assertFails(ExitCode.CANNOT_CREATE, "other files");
    }

    @Test
    void a_file_system_of_its_own_is_taken() throws Exception {
        Files.createDirectories(site.data().resolve("lost+found"));
        Folders.prepare(site);
        assertThat(site.run()).isDirectory();
    }

    @Test
    void data_of_another_format_are_left_alone() throws Exception {
        Folders.prepare(site);
        Files.writeString(site.data().resolve("format"), "posthorn data 99\n");
        assertFails(ExitCode.CANNOT_CREATE, "another Posthorn");
    }

    @Test
    void a_file_in_place_of_the_data_is_one_clear_line() throws Exception {
        Files.writeString(site.data(), "x");
        assertFails(ExitCode.CANNOT_CREATE, "is not a directory");
    }

    @Test
    void a_file_in_place_of_the_configuration_is_one_clear_line() throws Exception {
        Files.writeString(site.config(), "x");
        assertFails(ExitCode.CONFIG, "is not a directory");
    }

    @Test
    void a_private_file_is_private_and_replaced_whole() throws Exception {
        Path file = scratch.resolve("secret");
        Folders.writePrivately(file, "one");
        Folders.writePrivately(file, "two");
        assertThat(file).hasContent("two");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    private void assertFails(ExitCode exit, String words) {
        assertThatThrownBy(() -> Folders.prepare(site))
                .hasMessageContaining(words)
                .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.exit).isEqualTo(exit));
    }
}
