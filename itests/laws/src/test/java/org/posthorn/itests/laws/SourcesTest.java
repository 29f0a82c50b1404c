package org.posthorn.itests.laws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What must not stand in the code. */
class SourcesTest {

    @Test
    void nothing_is_left_for_later_and_nothing_is_swallowed() throws IOException {
        Pattern excuse = Pattern.compile("TODO|FIXME|XXX|printStackTrace\\(|catch \\([^)]*\\) \\{\\s*}");
        assertThat(found(Tree.mainJava(), excuse)).isEmpty();
    }

    @Test
    void tests_are_on_and_wait_for_events() throws IOException {
        List<Path> tests = new ArrayList<>();
        for (Path bundle : Tree.bundles()) tests.addAll(Tree.files(bundle.resolve("src/test/java"), ".java"));
        tests.addAll(Tree.files(Tree.ROOT.resolve("bundles/testkit/src/main/java"), ".java"));
        tests.addAll(Tree.files(Tree.ROOT.resolve("itests/container"), ".java"));
        assertThat(found(tests, Pattern.compile("@Disabled|@Ignore|Thread\\.sleep")))
                .isEmpty();
    }

    private static List<String> found(List<Path> files, Pattern pattern) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files)
            pattern.matcher(Files.readString(file))
                    .results()
                    .forEach(m -> found.add(Tree.relative(file) + ": " + m.group()));
        return found;
    }
}
