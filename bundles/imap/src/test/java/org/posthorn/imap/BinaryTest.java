package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.imap.Server.talk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.testkit.MemoryLine;

/** RFC 3516, and what RFC 9051 says of it. */
class BinaryTest {

    private static final String MAIL = """
            Content-Type: multipart/mixed; boundary=a
            Content-Transfer-Encoding: base64

            --a
            Content-Transfer-Encoding : (so to say) Quoted-Printable (that is)

            a=3Db =
            c=C3=BC
            --a
            Content-Type: image/png
            Content-Transfer-Encoding: base64

            AAEC
            /w==
            --a
            Content-Type: message/rfc822
            Content-Transfer-Encoding: 8bit

            Subject: in it
            Content-Transfer-Encoding: base64

            aGVsbG8=
            --a
            Content-Transfer-Encoding: x-uuencode

            begin
            --a
            Content-Transfer-Encoding: base64

            *!$
            --a
            Content-Type: multipart/mixed; boundary=b
            Content-Transfer-Encoding: x-own

            --b

            aGVsbG8=
            --b--
            --a--
            """.replace("\n", "\r\n");

    private static final String BINARY = "Content-Transfer-Encoding: binary\r\n\r\n";

    @TempDir
    Path data;

    private Server server;

    private MemoryLine with(String... messages) throws IOException {
        server = new Server(data);
        for (String message : messages) server.inbox().add(message, Flags.NONE);
        return server.select();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "[1] ~ {7}|a=b c\u00c3\u00bc ~ 7",
                "[3] ~ {61}|Subject: in it|Content-Transfer-Encoding: base64||aGVsbG8= ~ 61",
                "[3.1] ~ {5}|hello ~ 5",
                "[5] ~ {0}| ~ 0",
                "[6] ~ {22}|--b||aGVsbG8=|--b-- ~ 22",
                "[6.1] ~ {8}|aGVsbG8= ~ 8",
                "[7] ~ NIL ~ 0",
                "[1.1] ~ NIL ~ 0",
                "[1]<2.3> ~ {3}|b c ~ 7",
                "[1]<5.100> ~ {2}|\u00c3\u00bc ~ 7",
                "[1]<7.1> ~ {0}| ~ 7",
                "[1]<4294967296.1> ~ {0}| ~ 7"
            })
    void part_is_decoded(String section, String answer, long size) throws IOException {
        MemoryLine line = with(MAIL);
        line.send("a FETCH 1 BINARY.PEEK" + section + "\r\n");
        assertThat(line.unread())
                .isEqualTo("* 1 FETCH (BINARY" + section.replaceAll("\\.\\d+>", ">") + " " + answer.replace("|", "\r\n")
                        + ")\r\na OK Fetched\r\n");
        String part = section.replaceAll("<.*", "");
        MemoryLine again = server.select();
        again.send("b FETCH 1 BINARY.SIZE" + part + "\r\n");
        assertThat(again.unread()).isEqualTo("* 1 FETCH (BINARY.SIZE" + part + " " + size + ")\r\nb OK Fetched\r\n");
    }

    @Test
    void nul_makes_it_a_literal8() throws IOException {
        MemoryLine line = with(MAIL, "Subject: x\r\n\r\na\0b");
        line.send("a FETCH 1 BINARY.PEEK[2]\r\n");
        assertThat(line.unread()).isEqualTo("* 1 FETCH (BINARY[2] ~{4}\r\n\0\1\2\u00ff)\r\na OK Fetched\r\n");
        line = server.select();
        line.send("a FETCH 2 (BINARY.PEEK[1] BINARY.PEEK[1]<0.1> BINARY.PEEK[1]<1.1> BINARY.PEEK[])\r\n");
        assertThat(line.unread())
                .isEqualTo(
                        "* 2 FETCH (BINARY[1] ~{3}\r\na\0b BINARY[1]<0> {1}\r\na BINARY[1]<1> ~{1}\r\n\0 BINARY[] ~{17}\r\n"
                                + "Subject: x\r\n\r\na\0b)\r\na OK Fetched\r\n");
    }

    @Test
    void whole_message_is_as_it_is() throws IOException {
        MemoryLine line = with(MAIL);
        line.send("a FETCH 1 (BINARY.SIZE[] BINARY.PEEK[]<8.100000>)\r\n");
        assertThat(line.unread())
                .isEqualTo("* 1 FETCH (BINARY.SIZE[] " + MAIL.length() + " BINARY[]<8> {" + (MAIL.length() - 8)
                        + "}\r\n" + MAIL.substring(8) + ")\r\na OK Fetched\r\n");
    }

    @Test
    void binary_marks_as_read_and_its_peek_and_size_do_not() throws IOException {
        MemoryLine other = with(MAIL);
        MemoryLine line = server.select();
        talk(other, """
                C: a FETCH 1 (BINARY.PEEK[3.1] BINARY.SIZE[3.1] FLAGS)
                S: * 1 FETCH (BINARY[3.1] {5}
                S: hello BINARY.SIZE[3.1] 5 FLAGS (\\Recent))
                S: a OK Fetched
                C: b UID FETCH 1 BINARY[3.1]<0.4>
                S: * 1 FETCH (UID 1 BINARY[3.1]<0> {4}
                S: hell FLAGS (\\Seen \\Recent))
                S: b OK Fetched
                """);
        talk(line, "C: c NOOP\nS: * 1 FETCH (FLAGS (\\Seen))\nS: c OK {*}");
    }

    @Test
    void unknown_encoding_fails_and_hides_nothing_else() throws IOException {
        talk(with(MAIL, "Subject: x\r\n\r\nabc", MAIL), """
                C: a FETCH 1 BINARY.PEEK[4]
                S: a NO [UNKNOWN-CTE] {*}
                C: b FETCH 1 (BINARY.SIZE[4] BINARY.SIZE[1])
                S: * 1 FETCH (BINARY.SIZE[1] 7)
                S: b NO [UNKNOWN-CTE] {*}
                C: c UID FETCH 1:3 BINARY[4]
                S: * 1 FETCH (UID 1)
                S: * 2 FETCH (UID 2 BINARY[4] NIL FLAGS (\\Seen \\Recent))
                S: * 3 FETCH (UID 3)
                S: c NO [UNKNOWN-CTE] {*}
                C: d FETCH 1 BINARY.PEEK[4]<0.1>
                S: d NO [UNKNOWN-CTE] {*}
                C: e FETCH 1 BODY.PEEK[4]
                S: * 1 FETCH (BODY[4] {5}
                S: begin)
                S: e OK Fetched
                C: f FETCH 3 (BINARY[4] BINARY[3.1] FLAGS)
                S: * 3 FETCH (BINARY[3.1] {5}
                S: hello FLAGS (\\Seen \\Recent))
                S: f NO [UNKNOWN-CTE] {*}
                C: g FETCH 1:3 FLAGS
                S: * 1 FETCH (FLAGS (\\Recent))
                S: * 2 FETCH (FLAGS (\\Seen \\Recent))
                S: * 3 FETCH (FLAGS (\\Seen \\Recent))
                S: g OK Fetched
                """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BINARY",
                "BINARY.PEEK",
                "BINARY.SIZE",
                "BINARY[0]",
                "BINARY[1.]",
                "BINARY[.1]",
                "BINARY[HEADER]",
                "BINARY[1.MIME]",
                "BINARY[1",
                "BINARY[1]<0.0>",
                "BINARY[1]<0>",
                "BINARY.SIZE[1]<0.1>",
                "BINARY.TEXT[1]"
            })
    void what_is_no_part_is_bad(String item) throws IOException {
        talk(with(MAIL), "C: a FETCH 1 " + item + "\nS: a BAD {*}\nC: b FETCH 1 (" + item + ")\nS: b BAD {*}");
    }

    @Test
    void pieces_of_one_message_are_limited() throws IOException {
        StringBuilder pieces = new StringBuilder();
        for (int i = 0; i < 20; i++) pieces.append(" BINARY.PEEK[]<").append(i).append(".1>");
        talk(
                with(MAIL),
                "C: a FETCH 1 (UID" + pieces + pieces + ")\nS+ a OK Fetched\nC: b FETCH 1 (UID" + pieces
                        + " BINARY[1])\nS: b NO [LIMIT] At most 20 BINARY are fetched at once");
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        bytes[0] = 0;
        return bytes;
    }

    @Test
    void binary_part_comes_in_by_a_literal8_and_lies_there_as_base64() throws IOException {
        MemoryLine line = with();
        byte[] bytes = random(140_000);
        String body = new String(bytes, StandardCharsets.ISO_8859_1);
        line.send("a APPEND INBOX (\\Seen) ~{" + (BINARY.length() + bytes.length) + "}\r\n");
        assertThat(line.read()).isEqualTo("+ OK");
        line.send(BINARY + body + "\r\n");
        talk(line, "S: * 1 EXISTS\nS: * 1 RECENT\nS: a OK [APPENDUID 3857529044 1] Appended");
        try (var in = server.inbox().message(1).orElseThrow().open()) {
            assertThat(in.readAllBytes())
                    .asString(StandardCharsets.ISO_8859_1)
                    .isEqualTo("Content-Transfer-Encoding: base64\r\n\r\n"
                            + Base64.getMimeEncoder().encodeToString(bytes) + "\r\n");
        }
        line.send("b FETCH 1 BINARY[1]\r\n");
        assertThat(line.unread()).isEqualTo("* 1 FETCH (BINARY[1] ~{140000}\r\n" + body + ")\r\nb OK Fetched\r\n");
        MemoryLine other = server.select();
        StringBuilder pieces = new StringBuilder();
        for (int from = 0; from < bytes.length; from += 33_333) {
            other.send("c FETCH 1 BINARY[1]<" + from + ".33333>\r\n");
            assertThat(other.read())
                    .isEqualTo("* 1 FETCH (BINARY[1]<" + from + "> ~{" + Math.min(33_333, bytes.length - from) + "}");
            String rest = other.unread();
            pieces.append(rest, 0, rest.length() - ")\r\nc OK Fetched\r\n".length());
            other = server.select();
        }
        assertThat(pieces.toString()).isEqualTo(body);
    }

    @Test
    void several_and_replacements_come_in_so_too() throws IOException {
        MemoryLine line = with("Subject: old\r\n\r\n");
        int size = BINARY.length() + 2;
        line.send("a APPEND INBOX ~{" + size + "+}\r\n" + BINARY + "\0a (\\Flagged) {3+}\r\nabc ~{" + size + "+}\r\n"
                + BINARY + "b\n\r\n");
        talk(line, "S: * 4 EXISTS\nS: * 4 RECENT\nS: a OK [APPENDUID 3857529044 2:4] Appended");
        line.send("b REPLACE 1 INBOX ~{" + size + "+}\r\n" + BINARY + "\0c\r\n");
        talk(line, """
                S: * OK [APPENDUID 3857529044 5] {*}
                S: * 1 EXPUNGE
                S: * 4 EXISTS
                S: * 4 RECENT
                S: b OK Replaced
                C: c FETCH 1:* BODY.PEEK[TEXT]
                S: * 1 FETCH (BODY[TEXT] {6}
                S: AGE=
                S: )
                S: * 2 FETCH (BODY[TEXT] {0}
                S: )
                S: * 3 FETCH (BODY[TEXT] {6}
                S: Ygo=
                S: )
                S: * 4 FETCH (BODY[TEXT] {6}
                S: AGM=
                S: )
                S: c OK Fetched
                """);
    }

    @Test
    void literal8_is_refused_where_it_cannot_be_kept() throws IOException {
        talk(with("Subject: old\r\n\r\n"), """
                C| a APPEND INBOX ~{3+}\\r\\na\\x00b\\r\\n
                S: a NO [UNKNOWN-CTE] {*}
                C| b APPEND INBOX {1+}\\r\\nx ~{3+}\\r\\na\\x00b\\r\\n
                S: b NO [UNKNOWN-CTE] {*}
                C| c REPLACE 1 INBOX ~{3+}\\r\\na\\x00b\\r\\n
                S: c NO [UNKNOWN-CTE] {*}
                C: d APPEND INBOX ~{200001}
                S: d NO [TOOBIG] {*}
                C: e APPEND INBOX ~{0+}
                C:\\s
                S: e NO [CANNOT] {*}
                C: f APPEND INBOX ~abc
                S: f BAD {*}
                C: g CREATE ~{1+}
                C: x
                S: g BAD {*}
                C: h FETCH 1:* UID
                S: * 1 FETCH (UID 1)
                S: h OK Fetched
                """.replace("\\s", " "));
    }
}
