package org.posthorn.mime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class XtextTest {

    @ParameterizedTest
    @CsvSource({"a+b=c d, a+2Bb+3Dc+20d", "plain, plain", "jörg, j+C3+B6rg"})
    void it_goes_both_ways(String plain, String encoded) {
        assertThat(Xtext.encode(plain)).isEqualTo(encoded);
        assertThat(Xtext.decode(encoded)).isEqualTo(plain);
        assertThat(Xtext.sound(encoded)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a+", "a+2", "a+2G", "+"})
    void what_is_none_stays_as_it_is(String odd) {
        assertThat(Xtext.decode(odd)).isEqualTo(odd);
        assertThat(Xtext.sound(odd)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a=b", "jörg", "a+2b", "a\r\nRSET", "\u007f"})
    void what_would_end_a_word_or_a_line_is_none(String odd) {
        assertThat(Xtext.sound(odd)).isFalse();
    }
}
