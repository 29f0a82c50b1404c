package org.posthorn.mime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthorn.mime.FieldValue.Parameter;

class FieldValueTest {

    @Test
    void parameters_are_read_through_comments_and_quotes() {
        FieldValue type =
                FieldValue.parse(" text/plain (plain text); charset=(yes)utf-8; NAME=\"a \\\"b\\\" c\"; alone; empty=");
        assertThat(type.value()).isEqualTo("text/plain");
        assertThat(type.parameters())
                .containsExactly(new Parameter("charset", "utf-8"), new Parameter("NAME", "a \"b\" c"));
    }

    @Test
    void pieces_of_rfc_2231_are_joined_and_decoded() {
        // RFC 2231 4.1
        FieldValue type = FieldValue.parse("application/x-stuff; title*0*=us-ascii'en'This%20is%20even%20more%20;"
                + " title*1*=%2A%2A%2Afun%2A%2A%2A%20; title*2=\"isn't it!\"");
        assertThat(type.text("title")).contains("This is even more ***fun*** isn't it!");
        assertThat(type.parameters()).extracting(Parameter::name).containsExactly("title*");
        FieldValue url = FieldValue.parse("message/external-body; URL*1=\"b\"; URL*0=\"ftp://a\"");
        assertThat(url.parameters()).containsExactly(new Parameter("URL", "ftp://ab"));
    }

    @Test
    void name_in_encoded_words_is_decoded_as_many_mailers_expect() {
        assertThat(FieldValue.parse("a/b; name=\"=?utf-8?Q?gr=C3=BCn?=\"").text("name"))
                .contains("grün");
    }

    @Test
    void broken_percent_and_unknown_charset_cost_nothing() {
        assertThat(FieldValue.parse("a/b; f*=nix'x'%4").text("f")).contains("%4");
        assertThat(FieldValue.parse("a/b; f*=%41").text("f")).contains("A");
        assertThat(FieldValue.parse("a/b; x=\"unclosed").parameter("x")).contains("unclosed");
    }
}
