package org.posthorn.webmail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The words of each language beside those of English. */
class TextsTest {

    private static final Path FOLDER = Path.of("src/main/resources/web/js/texts");

    /** A line with a text: its key, and how the text is made. */
    private static final Pattern TEXT = Pattern.compile("^  (?:'([^']+)'|(\\w+)): (.*),$", Pattern.MULTILINE);

    private static final Pattern PLACE = Pattern.compile("\\{(\\w+)}");

    /** The texts of a language by their keys, out of all of its files. */
    private static SortedMap<String, String> texts(String language) throws IOException {
        SortedMap<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<Path> own = files.filter(f -> f.getFileName().toString().matches(language + "(-\\w+)?\\.js"))
                    .toList();
            for (Path file : own) {
                Matcher text = TEXT.matcher(Files.readString(file));
                while (text.find()) texts.put(text.group(1) == null ? text.group(2) : text.group(1), text.group(3));
            }
        }
        return texts;
    }

    static Stream<String> others() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files
                    .map(f -> f.getFileName().toString())
                    .filter(f -> f.matches("[a-z]+\\.js") && !f.equals("en.js"))
                    .map(f -> f.replace(".js", ""))
                    .toList()
                    .stream();
        }
    }

    @Test
    void english_is_read_as_it_stands() throws IOException {
        assertThat(texts("en"))
                .hasSizeGreaterThan(200)
                .containsEntry("ok", "'OK'")
                .containsKey("compose.send");
        assertThat(others()).contains("de");
    }

    @ParameterizedTest
    @MethodSource("others")
    void each_language_has_the_texts_that_english_has(String language) throws IOException {
        SortedSet<String> more = new TreeSet<>(texts(language).keySet());
        more.removeAll(texts("en").keySet());
        assertThat(more).as("only in " + language).isEmpty();
        SortedSet<String> missing = new TreeSet<>(texts("en").keySet());
        missing.removeAll(texts(language).keySet());
        assertThat(missing).as("not in " + language).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("others")
    void texts_take_the_same_in_each_language(String language) throws IOException {
        SortedMap<String, String> english = texts("en");
        for (Map.Entry<String, String> text : texts(language).entrySet())
            if (english.containsKey(text.getKey()))
                assertThat(takes(text.getValue()))
                        .as(language + " " + text.getKey())
                        .isEqualTo(takes(english.get(text.getKey())));
    }

    /** What stands in braces; of a function, that it is one. */
    private static SortedSet<String> takes(String text) {
        SortedSet<String> takes = new TreeSet<>();
        if (!text.startsWith("'")) takes.add("a function");
        else PLACE.matcher(text).results().forEach(place -> takes.add(place.group(1)));
        return takes;
    }
}
