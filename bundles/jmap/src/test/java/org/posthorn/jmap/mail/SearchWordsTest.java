package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 8621 4.4.1 */
class SearchWordsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "a b~a|b",
                "\"a b\" c~a b|c",
                "'a b'~a b",
                "'a \"b'~a \"b",
                "\"a \\\"b\\\\\"~a \"b\\",
                "don't~don't",
                "\"open end~\"open|end",
                "\"a \t b\"~a b",
                "\"\" a~a"
            })
    void words_and_phrases_are_told_apart(String text, String words) {
        assertThat(SearchWords.of(text)).isEqualTo(List.of(words.split("\\|")));
    }
}
