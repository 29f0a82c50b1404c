package org.posthorn.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists of identifiers and of URLs, and encoded words by the letter. */
class FieldListsTest {

    private static List<String> list(String joined) {
        return joined.isEmpty() ? List.of() : List.of(joined.split("\\^"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "<a@b>~a@b",
                "<a@b> <c@d>~a@b^c@d",
                "<a@b><c@d>~a@b^c@d",
                "(x <c@d>) < a @ b >~a@b",
                "<\"a> b\"@c>~\"a> b\"@c",
                "Your mail of \"<no@no>\" <a@b>~a@b",
                "<a@b~``",
                "a@b~``",
                "<>~``"
            })
    void identifiers_are_all_read(String field, String identifiers) {
        assertThat(MessageIds.all(field)).isEqualTo(list(identifiers));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "<mailto:a@b?subject=x>~mailto:a@b?subject=x",
                "<http://a/>, (comment) <http://b/> (end)~http://a/^http://b/",
                "<http://a/> nonsense, <http://b/>~http://a/",
                "<http://a/ b>~http://a/b",
                "NO (closed)~``",
                "<http://a~``"
            })
    void urls_are_read_as_far_as_they_make_a_list(String field, String urls) {
        assertThat(ListUrls.all(field)).isEqualTo(list(urls));
    }

    @Test
    void encoded_words_count_by_the_letter_where_white_space_is_around_them() {
        assertThat(EncodedWords.decodePlaced("=?utf-8?q?a?= =?utf-8?q?b?=\tc")).isEqualTo("ab\tc");
        assertThat(EncodedWords.decodePlaced("(=?utf-8?q?a?=)")).isEqualTo("(=?utf-8?q?a?=)");
        assertThat(EncodedWords.decode("(=?utf-8?q?a?=)")).isEqualTo("(a)");
        assertThat(EncodedWords.decodePlaced("=?utf-8?q?a b?=")).isEqualTo("=?utf-8?q?a b?=");
    }

    @Test
    void html_is_cut_in_front_of_a_tag_that_the_place_is_in() {
        String html = "a<b c='>'>d<!-- e -->f";
        assertThat(HtmlText.outsideTag(html, 1)).isEqualTo(1);
        assertThat(HtmlText.outsideTag(html, 5)).isEqualTo(1);
        assertThat(HtmlText.outsideTag(html, 8)).isEqualTo(1);
        assertThat(HtmlText.outsideTag(html, 11)).isEqualTo(11);
        assertThat(HtmlText.outsideTag(html, 15)).isEqualTo(11);
        assertThat(HtmlText.outsideTag(html, html.length())).isEqualTo(html.length());
        assertThat(HtmlText.outsideTag("1 < 2", 4)).isEqualTo(4);
    }
}
