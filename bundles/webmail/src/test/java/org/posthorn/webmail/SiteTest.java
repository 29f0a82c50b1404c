package org.posthorn.webmail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files themselves, as they are in the bundle. */
class SiteTest {

    private static final Path WEB = Path.of("target/classes/web");

    private static final Pattern IMPORT = Pattern.compile("(?:from|import)\\s*\\(?'(\\.[^']+)'");

    private static List<Path> files(String end) throws IOException {
        try (Stream<Path> all = Files.walk(WEB)) {
            return all.filter(f -> f.toString().endsWith(end))
                    .filter(f -> !f.startsWith(WEB.resolve("lib")))
                    .toList();
        }
    }

    @Test
    void each_module_that_is_imported_is_there() throws IOException {
        List<String> missing = new ArrayList<>();
        for (Path file : files(".js"))
            IMPORT.matcher(Files.readString(file))
                    .results()
                    .map(m -> file.resolveSibling(m.group(1)).normalize())
                    .filter(f -> !Files.exists(f))
                    .forEach(f -> missing.add(file + " wants " + f));
        assertThat(missing).isEmpty();
        assertThat(files(".js")).hasSizeGreaterThan(20);
    }

    @Test
    void no_page_has_a_script_or_style_in_itself() throws IOException {
        for (Path file : files(".html"))
            assertThat(Files.readString(file))
                    .doesNotContainPattern("<script>|<style|\\son\\w+=|\\sstyle=|javascript:");
    }

    @Test
    void markup_is_made_of_no_string() throws IOException {
        for (Path file : files(".js"))
            assertThat(Files.readString(file))
                    .as(file.toString())
                    .doesNotContainPattern(
                            "(inner|outer)HTML\\s*\\+?=(?!=)|insertAdjacentHTML|document\\.write|\\beval\\(|new Function");
    }

    @Test
    void nothing_of_another_server_is_asked_for() throws IOException {
        for (String end : List.of(".html", ".css"))
            for (Path file : files(end))
                assertThat(Files.readString(file)).as(file.toString()).doesNotContainPattern("https?://|url\\(");
    }

    @Test
    void each_text_that_is_asked_for_is_there() throws IOException {
        String texts = "";
        for (Path file : files(".js")) if (file.getParent().endsWith("texts")) texts += Files.readString(file);
        TreeSet<String> missing = new TreeSet<>();
        Pattern asked = Pattern.compile("\\bt\\('([\\w.]+)'");
        for (Path file : files(".js")) {
            String all = texts;
            asked.matcher(Files.readString(file))
                    .results()
                    .map(m -> m.group(1))
                    .filter(key -> !all.contains("  '" + key + "':") && !all.contains("  " + key + ":"))
                    .forEach(missing::add);
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void the_licence_of_the_sanitiser_comes_with_it() throws IOException {
        assertThat(Files.readString(WEB.resolve("lib/dompurify/LICENSE"))).contains("Apache License");
        assertThat(Files.readString(WEB.resolve("lib/dompurify/purify.es.mjs"))).contains("DOMPurify");
    }
}
