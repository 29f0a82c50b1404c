package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.imap.Server.talk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mailbox.Amount;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.testkit.MemoryLine;

class AppendTest {

    @TempDir
    Path data;

    @Test
    void message_is_appended_with_flags_and_date() throws IOException {
        Server server = new Server(data);
        talk(server.login(), """
                C: a APPEND {4}
                S: + OK
                C: Sent (\\Seen $Label \\Recent) " 7-Feb-1994 21:52:25 -0800" {11}
                S: + OK
                C: A: 1
                C:\s
                C: abc
                S: a OK [APPENDUID 3857529046 1] Appended
                C: b APPEND Sent {3+}
                C: abc
                S: b OK [APPENDUID 3857529046 2] Appended
                C: c EXAMINE Sent
                S+ c OK {*}
                C: d FETCH 1 (FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[TEXT])
                S: * 1 FETCH (FLAGS (\\Seen $Label \\Recent) INTERNALDATE " 8-Feb-1994 05:52:25 +0000" RFC822.SIZE 11 BODY[TEXT] {3}
                S: abc)
                S: d OK Fetched
                """.replace("Sent (", "Sent ("));
    }

    @Test
    void any_date_of_four_digits_is_kept() throws IOException {
        talk(new Server(data).select(), """
                C: a APPEND INBOX "01-Jan-2200 00:00:00 +0000" {1+}
                C: x "31-Dec-1950 23:59:59 -0100" {1+}
                C: x "01-Jan-0001 00:00:00 +0000" {1+}
                C: x "31-Dec-9999 23:59:59 +0000" {1+}
                C: x
                S: * 4 EXISTS
                S: * 4 RECENT
                S: a OK {*}
                C: b FETCH 1:* INTERNALDATE
                S: * 1 FETCH (INTERNALDATE " 1-Jan-2200 00:00:00 +0000")
                S: * 2 FETCH (INTERNALDATE " 1-Jan-1951 00:59:59 +0000")
                S: * 3 FETCH (INTERNALDATE " 1-Jan-0001 00:00:00 +0000")
                S: * 4 FETCH (INTERNALDATE "31-Dec-9999 23:59:59 +0000")
                S: b OK Fetched
                C: c SEARCH SINCE 1-Jan-2199
                S: * SEARCH 1 4
                S: c OK {*}
                """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01-Jan-0000 00:00:00 +0000",
                "01-Jan-0001 00:00:00 +0100",
                "31-Dec-9999 23:59:59 -0100",
                "01-Jan-94 00:00:00 +0000",
                "01-Jan-19940 00:00:00 +0000",
                "4294967297-Jan-1994 00:00:00 +0000",
                "001-Jan-1994 00:00:00 +0000",
                "01-Jan-1994 0:00:00 +0000",
                "01-Jan-1994 00:00:00 +000",
                "01-Jan-1994 00:00:00 0000",
                "01-Jan-1994 24:00:00 +0000"
            })
    void date_that_is_none_is_bad(String date) throws IOException {
        talk(new Server(data).login(), "C: a APPEND INBOX \"" + date + "\" {1+}\nC: x\nS: a BAD {*}");
    }

    /** RFC 2045 6.2: what says binary may have any line ends. */
    @Test
    void octets_of_a_binary_part_stay_as_they_are() throws IOException {
        Server server = new Server(data);
        MemoryLine line = server.select();
        String head = "Content-Transfer-Encoding: binary\r\n\r\n";
        String body = "a\nb\rc\r\nd\n";
        line.send("a APPEND INBOX {" + (head + body).length() + "+}\r\n" + head + body + "\r\n");
        talk(line, "S: * 1 EXISTS\nS: * 1 RECENT\nS: a OK {*}");
        line.send("b FETCH 1 BINARY.PEEK[1]\r\n");
        assertThat(line.unread()).isEqualTo("* 1 FETCH (BINARY[1] {9}\r\n" + body + ")\r\nb OK Fetched\r\n");
        MemoryLine other = server.login();
        String catenated = head + body;
        other.send("c APPEND INBOX CATENATE (TEXT {" + catenated.length() + "+}\r\n" + catenated + ")\r\n");
        assertThat(other.read()).startsWith("c OK ");
        talk(
                other,
                "C: d EXAMINE INBOX\nS+ d OK {*}\nC: e FETCH 1:2 BINARY.SIZE[1]\n"
                        + "S: * 1 FETCH (BINARY.SIZE[1] 9)\nS: * 2 FETCH (BINARY.SIZE[1] 9)\nS: e OK {*}");
    }

    @Test
    void what_is_in_lines_stays_what_it_says() throws IOException {
        Server server = new Server(data);
        MemoryLine line = server.login();
        String mail = "Content-Transfer-Encoding: binary\r\n\r\na\r\nb\r\n";
        line.send("a APPEND INBOX {" + mail.length() + "+}\r\n" + mail + "\r\n");
        assertThat(line.read()).startsWith("a OK ");
        try (var in = server.inbox().message(1).orElseThrow().open()) {
            assertThat(in.readAllBytes()).asString().isEqualTo(mail);
        }
    }

    @Test
    void what_is_refused_anyway_need_not_come() throws IOException {
        Server server = new Server(data);
        server.fred().deliver("A: 1\r\n\r\n");
        server.fred().limit(new Amount(100, 1000));
        talk(server.select(), """
                C: a APPEND INBOX {50}
                S: + OK
                C: %s {50}
                S: a NO [OVERQUOTA] {*}
                C: b APPEND INBOX {100}
                S: b NO [OVERQUOTA] {*}
                C: c APPEND INBOX CATENATE (TEXT {100}
                S: c NO [OVERQUOTA] {*}
                C: d REPLACE 1 nothing {1}
                S: d NO [TRYCREATE] {*}
                C: e REPLACE 1 INBOX {95}
                S: + OK
                C: %s
                S: * OK [APPENDUID {*}] {*}
                S: * 1 EXPUNGE
                S: * 1 EXISTS
                S: * 1 RECENT
                S: e OK {*}
                C: f APPEND "&nothing" {1}
                S: + OK
                C: x
                S: f NO [CANNOT] {*}
                """.formatted("x".repeat(50), "y".repeat(95)));
    }

    @Test
    void append_says_why_not() throws IOException {
        talk(new Server(data).login(), """
                C: a APPEND nothing {1}
                S: a NO [TRYCREATE] {*}
                C: i APPEND nothing {1+}
                C: x
                S: i NO [TRYCREATE] {*}
                C: b APPEND INBOX {0+}
                C:\s
                S: b NO [CANNOT] {*}
                C: c APPEND INBOX (\\Nonsense) {1+}
                C: x
                S: c BAD {*}
                C: d APPEND INBOX "31-Feb-1994 00:00:00 +0000" {1+}
                C: x
                S: d BAD {*}
                C: e APPEND INBOX "no literal"
                S: e BAD {*}
                C: f APPEND INBOX
                S: f BAD {*}
                C: g APPEND INBOX {1+}
                C: x y
                S: g BAD {*}
                C: h NOOP
                S: h OK {*}
                """);
    }

    @Test
    void message_that_is_too_big_is_refused_before_it_comes() throws IOException {
        MemoryLine line = new Server(data).login();
        talk(line, """
                C: a APPEND INBOX {200001}
                S: a NO [TOOBIG] Messages may have 200000 octets
                C: b APPEND INBOX {2147483648}
                S: b NO [TOOBIG] {*}
                C: c APPEND INBOX {99999999999999999999}
                S: c NO [TOOBIG] {*}
                """);
        line.send("d APPEND INBOX {200001+}\r\n" + "x".repeat(200_001) + "\r\n");
        talk(line, "S: d NO [TOOBIG] {*}\nC: e APPEND INBOX {2147483648+}\nS: * BYE [TOOBIG] {*}\nS!");
    }

    @Test
    void big_message_goes_through_a_file_that_leaves_nothing() throws IOException {
        Server server = new Server(data);
        MemoryLine line = server.login();
        line.send("a APPEND INBOX {180000}\r\n");
        assertThat(line.read()).isEqualTo("+ OK");
        line.send("y".repeat(100_000));
        try (Stream<Path> left = Files.list(data.resolve("tmp"))) {
            assertThat(left).isEmpty();
        }
        line.send("y".repeat(80_000) + "\r\n");
        assertThat(line.read()).startsWith("a OK [APPENDUID");
        assertThat(server.inbox().message(1).orElseThrow().size()).isEqualTo(180_000);
    }

    @Test
    void several_messages_are_appended_at_once() throws IOException {
        Server server = new Server(data);
        MemoryLine line = server.login();
        talk(line, """
                C: a APPEND Sent (\\Seen) {3}
                S: + OK
                C: abc " 7-Feb-1994 21:52:25 -0800" {4+}
                C: defg (\\Flagged $A) {2+}
                C: hi
                S: a OK [APPENDUID 3857529046 1:3] Appended
                C: b EXAMINE Sent
                S+ b OK {*}
                C: c FETCH 1:* (FLAGS BODY.PEEK[])
                S: * 1 FETCH (FLAGS (\\Seen \\Recent) BODY[] {3}
                S: abc)
                S: * 2 FETCH (FLAGS (\\Recent) BODY[] {4}
                S: defg)
                S: * 3 FETCH (FLAGS (\\Flagged $A \\Recent) BODY[] {2}
                S: hi)
                S: c OK Fetched
                C: d APPEND Sent {1+}
                C: x {0+}
                C:\s
                S: d NO [CANNOT] {*}
                C: e APPEND Sent {1+}
                C: x (\\Nonsense) {1+}
                C: x
                S: e BAD {*}
                C: f APPEND Sent {1+}
                C: x {200001}
                S: f NO [TOOBIG] {*}
                C: g STATUS Sent (MESSAGES APPENDLIMIT DELETED)
                S: * STATUS Sent (MESSAGES 3 APPENDLIMIT 200000 DELETED 0)
                S: g OK {*}
                """);
        line.send("h APPEND INBOX {30000+}\r\n" + "y".repeat(30_000) + " {100000+}\r\n" + "z".repeat(100_000)
                + " {5+}\r\nhello\r\n");
        assertThat(line.read()).isEqualTo("h OK [APPENDUID 3857529044 1:3] Appended");
        assertThat(server.inbox().message(2).orElseThrow().size()).isEqualTo(100_000);
        try (var in = server.inbox().message(3).orElseThrow().open()) {
            assertThat(in.readAllBytes()).asString().isEqualTo("hello");
        }
    }

    @Test
    void message_is_replaced_by_another() throws IOException {
        Server server = new Server(data);
        for (int i = 1; i < 4; i++) server.inbox().add("a: " + i + "\r\n\r\n", Flags.NONE);
        MemoryLine line = server.select();
        talk(line, """
                C: a REPLACE 2 INBOX (\\Draft) {3+}
                C: new
                S: * OK [APPENDUID 3857529044 4] {*}
                S: * 2 EXPUNGE
                S: * 3 EXISTS
                S: * 3 RECENT
                S: a OK Replaced
                C: b UID REPLACE 3 Sent {4}
                S: + OK
                C: sent
                S: * OK [APPENDUID 3857529046 1] {*}
                S: * 2 EXPUNGE
                S: b OK Replaced
                C: c REPLACE 1 nothing {1+}
                C: x
                S: c NO [TRYCREATE] {*}
                C: d REPLACE 1:2 INBOX {1+}
                C: x
                S: d BAD {*}
                C: e UID REPLACE 3 INBOX {1+}
                C: x
                S: e NO [EXPUNGEISSUED] {*}
                C: f REPLACE 3 INBOX {1+}
                C: x
                S: f BAD {*}
                C: g REPLACE 1 INBOX {0+}
                C:\s
                S: g NO [CANNOT] {*}
                C: h FETCH 1:* (UID FLAGS)
                S: * 1 FETCH (UID 1 FLAGS (\\Recent))
                S: * 2 FETCH (UID 4 FLAGS (\\Draft \\Recent))
                S: h OK Fetched
                C: i EXAMINE INBOX
                S+ i OK {*}
                C: j REPLACE 1 INBOX {1+}
                C: x
                S: j NO [READ-ONLY] {*}
                """);
    }

    @Test
    void append_to_the_selected_mailbox_is_seen_at_once() throws IOException {
        talk(new Server(data).select(), """
                C: a APPEND INBOX {3+}
                C: abc
                S: * 1 EXISTS
                S: * 1 RECENT
                S: a OK [APPENDUID 3857529044 1] Appended
                """);
    }
}
