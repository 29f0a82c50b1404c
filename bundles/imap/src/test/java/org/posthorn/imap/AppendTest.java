package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.imap.Server.talk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
    void append_says_why_not() throws IOException {
        talk(new Server(data).login(), """
                C: a APPEND nothing {1}
                S: + OK
                C: x
                S: a NO [TRYCREATE] {*}
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
