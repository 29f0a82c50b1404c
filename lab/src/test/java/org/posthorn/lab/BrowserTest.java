package org.posthorn.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class BrowserTest {

    private static final String URL = "http://127.0.0.1:1/mail/#/INBOX/uid/1";

    @TempDir
    Path folder;

    private Path program(String name, String text) throws IOException {
        Path program = Files.writeString(folder.resolve(name), text);
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    private Browser at(String system, String... more) {
        Map<String, String> environment = new java.util.HashMap<>(Map.of("PATH", "/none:" + folder));
        for (int i = 0; i < more.length; i += 2) environment.put(more[i], more[i + 1]);
        return new Browser(environment, system);
    }

    @Test
    void a_desktop_is_seen_by_its_display_and_what_opens_pages() throws Exception {
        assertThat(at("Linux", "DISPLAY", ":0").opener()).isEmpty();
        Path opener = program("xdg-open", "");
        assertThat(at("Linux", "DISPLAY", ":0").opener()).hasValue(opener);
        assertThat(at("Linux", "WAYLAND_DISPLAY", "wayland-0").opener()).hasValue(opener);
        assertThat(at("Linux").opener()).isEmpty();
        assertThat(at("Linux", "DISPLAY", "").opener()).isEmpty();
    }

    @Test
    void a_mac_has_one_unless_it_is_far_away() throws Exception {
        Path opener = program("open", "");
        assertThat(at("Mac OS X").opener()).hasValue(opener);
        assertThat(at("Mac OS X", "SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22").opener())
                .isEmpty();
    }

    @Test
    void the_address_is_handed_over_as_it_is() throws Exception {
        program(
                "xdg-open",
                "#!/bin/sh\nprintf %s \"$*\" > '" + folder + "/new' && mv '" + folder + "/new' '" + folder + "/url'\n");
        assertThat(at("Linux", "DISPLAY", ":0").open(URL)).isTrue();
        while (!Files.exists(folder.resolve("url"))) LockSupport.parkNanos(1_000_000);
        assertThat(folder.resolve("url")).hasContent(URL);
    }

    @Test
    void one_that_does_not_start_is_no_fault() throws Exception {
        program("xdg-open", "#!/no/such/interpreter\n");
        assertThat(at("Linux", "DISPLAY", ":0").open(URL)).isFalse();
        assertThat(at("Linux").open(URL)).isFalse();
    }
}
