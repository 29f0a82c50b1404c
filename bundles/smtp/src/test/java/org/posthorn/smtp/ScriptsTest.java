package org.posthorn.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.posthorn.testkit.MemoryLine;

/** The scripts under {@code src/test/resources}: a folder for each protocol. They know nothing of memory, and run over TCP as well. */
class ScriptsTest {

    static Stream<String> scripts() throws IOException {
        try (Stream<Path> files = Files.walk(folder())) {
            List<String> names = files.filter(f -> f.toString().endsWith(".script"))
                    .map(f -> folder().relativize(f).toString())
                    .sorted()
                    .toList();
            return names.stream();
        }
    }

    private static Path folder() {
        try {
            return Path.of(ScriptsTest.class
                            .getResource("/org/posthorn/smtp/smtp")
                            .toURI())
                    .getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void talk_goes_as_written(String name) throws IOException {
        Site site = new Site();
        try (MemoryLine line = site.line(Path.of(name).getName(0).toString())) {
            Site.talk(line, Files.readString(folder().resolve(name)));
            assertThat(line.unread()).isEmpty();
        }
        assertThat(site.intake.open).isZero();
    }
}
