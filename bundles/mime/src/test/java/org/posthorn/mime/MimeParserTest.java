package org.posthorn.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MimeParserTest {

    private static final String MIXED = "Content-Type: multipart/mixed; boundary=a\r\n\r\n";

    /** Type, octets and lines of the body, children. */
    private static String shape(String message) throws IOException {
        return shape(MimeParser.parse(StoredMessage.of(message)));
    }

    private static String shape(Part part) {
        String children = part.children().stream().map(MimeParserTest::shape).collect(Collectors.joining(" "));
        return part.type() + "/" + part.subtype() + " " + part.octets() + ":" + part.lines()
                + (children.isEmpty() ? "" : " (" + children + ")");
    }

    @Test
    void message_without_type_is_plain_text() throws IOException {
        assertThat(shape("Subject: x\r\n\r\nbody\r\n")).isEqualTo("text/plain 6:1");
        assertThat(shape("")).isEqualTo("text/plain 0:0");
        assertThat(shape("Subject: no end")).isEqualTo("text/plain 0:0");
    }

    @Test
    void line_end_before_a_delimiter_belongs_to_the_delimiter() throws IOException {
        String message = MIXED
                + "preamble\r\n--a\r\n\r\none\r\n\r\n--a\r\nContent-Type: TEXT/html\r\n\r\ntwo\r\n--a--\r\nepilogue\r\n";
        assertThat(shape(message)).isEqualTo("multipart/mixed 78:11 (text/plain 5:1 TEXT/html 3:0)");
        Part root = MimeParser.parse(StoredMessage.of(message));
        Part second = root.children().get(1);
        assertThat(message.substring((int) second.start(), (int) second.body()))
                .isEqualTo("Content-Type: TEXT/html\r\n\r\n");
        assertThat(message.substring((int) second.body(), (int) second.end())).isEqualTo("two");
    }

    @Test
    void part_that_is_not_closed_ends_with_the_part_around_it() throws IOException {
        assertThat(
                        shape(
                                MIXED
                                        + "--a\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\none\r\n--a\r\n\r\ntwo\r\n--a--\r\n"))
                .isEqualTo("multipart/mixed 87:10 (multipart/alternative 10:2 (text/plain 3:0) text/plain 3:0)");
        assertThat(shape(MIXED + "--a\r\n\r\nand then")).isEqualTo("multipart/mixed 15:2 (text/plain 8:0)");
    }

    @Test
    void header_of_a_part_may_be_cut_off_by_a_delimiter() throws IOException {
        assertThat(shape(MIXED + "--a\r\nContent-Type: text/html\r\n--a\r\nContent-Type: text/css\r\n\r\nb\r\n--a--"))
                .isEqualTo("multipart/mixed 69:6 (text/html 0:0 text/css 1:0)");
        assertThat(shape(MIXED + "--a\r\n--a\r\n\r\n--a\r\n\r\nx\r\n--a--\r\n"))
                .isEqualTo("multipart/mixed 29:7 (text/plain 0:0 text/plain 0:0 text/plain 1:0)");
    }

    @Test
    void boundary_that_begins_another_is_not_taken_for_it() throws IOException {
        assertThat(shape(
                        "Content-Type: multipart/mixed; boundary=ab\r\n\r\n--ab\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n"
                                + "--a\r\n\r\nx\r\n--ab\r\n\r\ny\r\n--ab--\r\n"))
                .contains("(multipart/mixed 8:2 (text/plain 1:0) text/plain 1:0)");
    }

    @Test
    void internationalised_message_is_looked_into_unless_it_is_encoded() throws IOException {
        String inner = "Content-Type: Message/Global\r\n%s\r\nSubject: inner\r\n\r\nhello\r\n";
        assertThat(shape(inner.formatted("Content-Transfer-Encoding: 8Bit\r\n")))
                .isEqualTo("Message/Global 25:3 (text/plain 7:1)");
        assertThat(shape(inner.formatted("Content-Transfer-Encoding: base64\r\n")))
                .isEqualTo("Message/Global 25:3");
    }

    @Test
    void message_in_a_message_has_its_envelope_and_its_parts() throws IOException {
        Part root = MimeParser.parse(StoredMessage.of("Subject: outer\r\n" + MIXED
                + "--a\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nhello\r\n\r\n--a--\r\n"));
        Part message = root.children().get(0);
        assertThat(shape(message)).isEqualTo("message/rfc822 25:3 (text/plain 7:1)");
        assertThat(message.isMessage()).isTrue();
        assertThat(message.children().get(0).field("subject")).contains("inner");
        assertThat(root.field("subject")).contains("outer");
        assertThat(message.children().get(0).start()).isEqualTo(message.body());
    }

    @Test
    void parts_of_a_digest_are_messages_unless_they_say_otherwise() throws IOException {
        assertThat(
                        shape(
                                "Content-Type: multipart/digest; boundary=a\r\n\r\n--a\r\n\r\nSubject: one\r\n\r\n1\r\n--a\r\nContent-Type: text/plain\r\n\r\n2\r\n--a--"))
                .contains("(message/rfc822 17:2 (text/plain 1:0) text/plain 1:0)");
    }

    @Test
    void multipart_without_boundary_has_no_parts() throws IOException {
        assertThat(shape("Content-Type: multipart/mixed\r\n\r\n--x\r\n\r\nx\r\n"))
                .isEqualTo("multipart/mixed 10:3");
    }

    @Test
    void wrong_type_is_plain_text() throws IOException {
        for (String wrong : new String[] {"text", ";charset=utf-8", "/", "text/", "\"", ""})
            assertThat(shape("Content-Type: " + wrong + "\r\n\r\nx")).isEqualTo("text/plain 1:0");
    }

    @Test
    void depth_and_number_of_parts_are_bounded() throws IOException {
        StringBuilder deep = new StringBuilder();
        for (int i = 0; i < 1000; i++)
            deep.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\r\n\r\n--b")
                    .append(i)
                    .append("\r\n");
        int depth = 0;
        for (Part p = MimeParser.parse(StoredMessage.of(deep.toString()));
                !p.children().isEmpty();
                p = p.children().get(0)) depth++;
        assertThat(depth).isEqualTo(MimeParser.DEEPEST);
        Part wide = MimeParser.parse(StoredMessage.of(MIXED + "--a\r\n\r\n".repeat(30_000)));
        assertThat(wide.count()).isEqualTo(MimeParser.MOST_PARTS);
    }

    @Test
    void bare_line_feeds_end_lines_too() throws IOException {
        assertThat(shape("Content-Type: multipart/mixed; boundary=a\n\n--a\n\none\n--a--\n"))
                .isEqualTo("multipart/mixed 15:4 (text/plain 3:0)");
    }

    @Test
    void header_end_is_behind_the_empty_line() throws IOException {
        assertThat(MimeParser.headerEnd(StoredMessage.of("A: b\r\n\r\nbody"))).isEqualTo(8);
        assertThat(MimeParser.headerEnd(StoredMessage.of("A: b\r\n"))).isEqualTo(6);
        assertThat(MimeParser.headerEnd(StoredMessage.of("\r\nbody"))).isEqualTo(2);
    }
}
