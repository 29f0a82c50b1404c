package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.mime.MimeParser;
import org.posthorn.mime.StoredMessage;

/** EmailBodyValue, RFC 8621 4.1.4 and 4.2 */
class BodyValueTest {

    private static BodyValue value(String mail, int most) throws IOException {
        StoredMessage message = StoredMessage.of(mail.replace("|", "\r\n"));
        return BodyValue.of(message, MimeParser.parse(message), most);
    }

    private static BodyValue value(String mail) throws IOException {
        return value(mail, BodyValue.LONGEST);
    }

    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Test
    void crlf_becomes_lf_and_nothing_else_does() throws IOException {
        assertThat(value("A: b||one||two\rthree|")).isEqualTo(new BodyValue("one\n\ntwo\rthree\n", false, false));
    }

    @ParameterizedTest
    @CsvSource({
        "utf-8, =C3=A4, ä, false",
        "utf-8, =E4, \uFFFD, true",
        "iso-8859-1, =E4, ä, false",
        "koi8-r, =C1, а, false",
        "us-ascii, =E4, ä, true",
        "us-ascii, =C3=A4, ä, false",
        "no-such, a, a, true",
        "no-such, =C3=A4, ä, true",
        "utf-16be, =00a=D8=00, a\uFFFD, true"
    })
    void character_set_is_decoded_as_far_as_it_can_be(String charset, String body, String value, boolean problem)
            throws IOException {
        String mail = "Content-Type: text/plain; charset=" + charset + "|Content-Transfer-Encoding: quoted-printable||"
                + body;
        assertThat(value(mail)).isEqualTo(new BodyValue(value, problem, false));
    }

    @Test
    void unknown_transfer_encoding_is_a_problem() throws IOException {
        assertThat(value("Content-Transfer-Encoding: x-uue||abc")).isEqualTo(new BodyValue("abc", true, false));
    }

    @ParameterizedTest
    @CsvSource({"1, a", "2, a", "3, aä", "4, aä", "5, aä", "6, aä", "7, aä😀", "8, aä😀b"})
    void text_is_cut_between_characters(int most, String value) throws IOException {
        String mail = "Content-Type: text/plain; charset=utf-8||" + octets("aä😀b");
        assertThat(value(mail, most)).isEqualTo(new BodyValue(value, false, most < 8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "11~<p>Hi</p>12~<p>Hi</p>12",
                "12~<p>Hi</p>1 <3~<p>Hi</p>1 <",
                "20~<p>Hi</p><a href=\"x>y\">z</a>~<p>Hi</p>",
                "24~<p>Hi</p><a href=\"x>y\">z</a>~<p>Hi</p><a href=\"x>y\">z",
                "3~<p>Hi</p>~<p>",
                "2~<p>Hi</p>~``"
            })
    void html_is_not_cut_within_a_tag(int most, String html, String value) throws IOException {
        BodyValue found = value("Content-Type: text/html||" + html + "-and so on", most);
        assertThat(found).isEqualTo(new BodyValue(value, false, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-compound-text", "cesu-8", "x-utf-16le-bom", "utf-32", "iso-2022-jp", "utf-7"})
    void nothing_comes_out_that_is_no_text(String charset) throws IOException {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 256; i++) body.append((char) i).append('\u00d8').append((char) (255 - i));
        String value = value("Content-Type: text/plain; charset=" + charset + "||" + body)
                .value();
        assertThat(value.codePoints()).noneMatch(c -> Character.getType(c) == Character.SURROGATE);
    }

    @Test
    void long_text_is_cut_at_the_servers_own_limit() throws IOException {
        BodyValue value = value("A: b||" + "x".repeat(BodyValue.LONGEST + 1000));
        assertThat(value.value()).hasSize(BodyValue.LONGEST);
        assertThat(value.isTruncated()).isTrue();
    }
}
