package org.posthorn.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mail.Message;

class SurrogateTest {

    private static final String INVALID = "<invalid@internationalized-address.invalid>";

    private static String octets(String unicode) {
        return new String(unicode.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String text(Message message) throws IOException {
        return new String(message.open().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static String shown(String unicode) throws IOException {
        Message surrogate = Surrogate.of(StoredMessage.of(octets(unicode)));
        assertThat(surrogate.size()).isEqualTo(text(surrogate).length());
        return text(surrogate);
    }

    /** The field's value in Unicode, on one line. */
    private static String value(String header) throws IOException {
        return EncodedWords.decode(
                shown(header).replace("\r\n", "").replaceFirst("^[^:]*:", "").strip());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Subject: plain\r\n\r\nbody\r\n",
                "Subject: plain\r\n\r\ngrün is 8bit\r\n",
                "Content-Type: multipart/mixed; boundary=b\r\n\r\ngrün\r\n--b\r\nA: b\r\n\r\ngrün\r\n--b--\r\ngrün",
                "",
                "\r\n\r\n",
                "no header"
            })
    void what_has_ascii_headers_is_its_own(String unicode) throws IOException {
        Message message = StoredMessage.of(octets(unicode));
        assertThat(Surrogate.of(message)).isSameAs(message);
    }

    @Test
    void everything_else_of_the_message_stays_where_it_is() throws IOException {
        assertThat(
                        shown(
                                "Date: today\r\nSubject: Grüße\r\nX-Mood: fröhlich\r\n und mehr\r\nX-Odd:a\r\n b\r\n\r\n.grün\r\n"))
                .isEqualTo(
                        octets("Date: today\r\nSubject: =?utf-8?b?R3LDvMOfZQ==?=\r\nX-Odd:a\r\n b\r\n\r\n.grün\r\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // RFC 6858 2.1.
                "Fred Foo <fréd@example.com> | Fred Foo fréd@example.com <>",
                "fred@exämple.com | fred@exämple.com <>",
                "Frédéric <fred@example.com> | Frédéric <fred@example.com>",
                "\"Foo, Fréd\" <\"a b\"@example.com> | Foo, Fréd <\"a b\"@example.com>",
                "a@example.com, é@example.com, b@example.com | a@example.com, é@example.com <>, b@example.com",
                "Fréunde: a@example.com, \"B, C\" <b@example.com>; | Fréunde: a@example.com, \"B, C\" <b@example.com>;",
                "nobody, é | nobody <>, é <>",
                "=?utf-8?q?a=2C?= b <b@example.com>, é <c@example.com> | a, b <b@example.com>, é <c@example.com>"
            })
    void addresses_that_cannot_be_told_are_invalid_under_a_name_that_says_them(String given, String expected)
            throws IOException {
        for (String name : List.of("From", "TO", "cc", "Resent-Sender"))
            assertThat(value(name + ": " + given + "\r\n")).isEqualTo(expected.replace("<>", INVALID));
    }

    @Test
    void parameters_that_are_not_ascii_are_left_out() throws IOException {
        // RFC 6858 2.2.
        assertThat(shown("Content-Disposition: attachment; filename=grün.txt\r\n\r\n"))
                .isEqualTo("Content-Disposition: attachment\r\n\r\n");
        assertThat(
                        shown(
                                "Content-Type: text/plain; (grün) charset=utf-8; name=\"grün\"; x=\"a \\\" b\"; y*=utf-8''%C3%BC\r\n\r\n"))
                .isEqualTo(
                        "Content-Type: text/plain;\r\n charset=utf-8;\r\n x=\"a \\\" b\";\r\n y*=utf-8''%C3%BC\r\n\r\n");
        assertThat(shown("Content-Type: text/grün\r\nA: b\r\n\r\n")).isEqualTo("A: b\r\n\r\n");
    }

    @Test
    void parts_and_messages_in_messages_have_headers_too() throws IOException {
        String message = "Content-Type: multipart/mixed; boundary=b\r\n\r\ngrün\r\n--b\r\n"
                + "Content-Disposition: attachment; filename=\"grün\"\r\n\r\ngrün\r\n--b\r\n"
                + "Content-Type: message/global\r\n\r\nSubject: grün\r\nFrom: a@example.com\r\n\r\ngrün\r\n--b--\r\ngrün";
        assertThat(shown(message))
                .isEqualTo(octets(message.replace("; filename=\"grün\"", "")
                        .replace("Subject: grün", "Subject: =?utf-8?b?Z3LDvG4=?=")));
    }

    @Test
    void who_wants_the_header_alone_has_nothing_else_read() throws IOException {
        String header = "Content-Type: multipart/mixed; boundary=b\r\nSubject: grün\r\n\r\n";
        String parts = "--b\r\nX: grün\r\n\r\n--b--\r\n";
        assertThat(text(Surrogate.ofHeader(StoredMessage.of(octets(header + parts)))))
                .isEqualTo(octets(header.replace("grün", "=?utf-8?b?Z3LDvG4=?=") + parts));
        Message plain = StoredMessage.of(octets(header.replace("grün", "green") + parts));
        assertThat(Surrogate.ofHeader(plain)).isSameAs(plain);
    }

    @Test
    void what_is_no_utf8_is_taken_for_latin_1() throws IOException {
        Message message = StoredMessage.of("Subject: gr\u00fcn\r\n\r\n");
        assertThat(text(Surrogate.of(message))).isEqualTo("Subject: =?utf-8?b?Z3LDvG4=?=\r\n\r\n");
    }

    @Test
    void long_subject_is_folded() throws IOException {
        String subject = "Wörter ".repeat(100).strip();
        assertThat(shown("Subject: " + subject + "\r\n\r\n").lines()).allMatch(l -> l.length() <= 76);
        assertThat(value("Subject: " + subject + "\r\n")).isEqualTo(subject);
    }

    @Test
    void endless_header_is_not_cut() throws IOException {
        String rest = "A: b\r\n".repeat(500_000);
        String expected = "Subject: =?utf-8?b?w6k=?=\r\n" + rest + "\r\nbody";
        assertThat(shown("Subject: é\r\n" + rest + "\r\nbody").equals(expected)).isTrue();
        Message ascii = StoredMessage.of(rest);
        assertThat(Surrogate.of(ascii)).isSameAs(ascii);
        assertThat(Surrogate.ofHeader(ascii)).isSameAs(ascii);
    }

    @Test
    void a_field_that_goes_beyond_what_is_looked_at_stays_whole() throws IOException {
        String folded = "X-Mood: é" + "\r\n é".repeat(HeaderBlock.LONGEST / 4) + "\r\n\r\nbody";
        assertThat(shown("Subject: é\r\n" + folded).equals("Subject: =?utf-8?b?w6k=?=\r\n" + octets(folded)))
                .isTrue();
    }

    @Test
    void of_headers_of_many_parts_no_more_is_replaced_than_of_one() throws IOException {
        String part = "--b\r\nX: é" + "x".repeat(400_000) + "\r\nA: b\r\n\r\nbody\r\n";
        String shown = shown("Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part.repeat(5) + "--b--\r\n");
        assertThat(shown.split("body")).hasSize(6);
        assertThat(shown.split("A: b")).hasSize(6);
        assertThat(shown.split("X: ")).hasSize(4);
    }

    @Test
    void what_becomes_much_longer_is_left_out() throws IOException {
        // Two octets become 64.
        String to = "To: " + "\u00e9,".repeat(9_999) + "\u00e9\r\n";
        String message = to.repeat(20) + "A: b\r\n\r\nbody";
        String shown = text(Surrogate.of(StoredMessage.of(message)));
        assertThat(shown).endsWith("A: b\r\n\r\nbody").hasSizeLessThan(message.length() + 256 * 1024);
        String part = "--b\r\n" + "To: " + "\u00e9,".repeat(3_000) + "\u00e9\r\n\r\nbody\r\n";
        message = "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part.repeat(20) + "--b--\r\n";
        shown = text(Surrogate.of(StoredMessage.of(message)));
        assertThat(shown).contains("To: ").hasSizeLessThan(message.length() + 256 * 1024);
        assertThat(shown.split("body")).hasSize(21);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Grüße\r\nSubject: green\r\n\r\nbody",
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nSchöne Grüße\r\nund: mehr\r\n--b--\r\n"
            })
    void lines_that_are_no_field_are_text(String unicode) throws IOException {
        assertThat(shown(unicode)).isEqualTo(octets(unicode));
    }

    @Test
    void of_whatever_octets_the_fields_are_ascii_afterwards() throws IOException {
        String[] words = {
            "From:",
            "Subject:",
            "Content-Type:",
            "multipart/mixed; boundary=b",
            "\r\n",
            "\r\n",
            "\r\n\r\n",
            "\r\n--b\r\n",
            "--b--",
            "é",
            "\u00ff",
            "<",
            ">",
            "@",
            ",",
            ";",
            ":",
            "\"",
            "\\",
            "(",
            ")",
            "=?utf-8?q?=C3?=",
            "message/rfc822",
            "a",
            " ",
            "\n",
            "\r",
            "\0",
            "=",
            "[",
            "]",
            "x*0=",
            "Bcc:"
        };
        Random random = new Random(6858);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(40); n > 0; n--) text.append(words[random.nextInt(words.length)]);
            Message surrogate = Surrogate.of(StoredMessage.of(text.toString()));
            String whole = text(surrogate);
            assertThat(surrogate.size()).isEqualTo(whole.length());
            fieldsAreAscii(MimeParser.parse(surrogate), whole);
        }
    }

    private static void fieldsAreAscii(Part part, String whole) {
        String header = whole.substring((int) part.start(), (int) part.body());
        assertThat(HeaderBlock.fields(header))
                .as(whole)
                .allMatch(field -> (field.name() + field.value()).chars().allMatch(c -> c < 128));
        part.children().forEach(child -> fieldsAreAscii(child, whole));
    }
}
