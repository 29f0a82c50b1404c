package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.config.SettingsCheck.Problem;

class RootCheckTest {

    @TempDir
    Path folder;

    private static List<Problem> told(Object root) {
        Map<String, Object> settings = Map.of("root", root.toString());
        assertThat(new RootCheck().check(settings)).isEmpty();
        return new RootCheck().absent(settings);
    }

    @Test
    void a_folder_that_is_there_or_can_be_made_is_not_told_and_not_made() {
        assertThat(told("")).isEmpty();
        assertThat(told(folder)).isEmpty();
        assertThat(told(folder.resolve("mail/here"))).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_folder_that_cannot_be_made_is_told() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThat(told(file.resolve("mail")))
                .containsExactly(new Problem(
                        "root",
                        file.resolve("mail").toString(),
                        "a folder that is there or can be made; in " + file + " none can be made"));
        assertThat(told(file))
                .extracting(Problem::allowed)
                .containsExactly("a folder that is there or can be made; it is none");
    }
}
