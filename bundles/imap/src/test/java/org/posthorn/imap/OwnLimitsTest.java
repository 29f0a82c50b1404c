package org.posthorn.imap;

import static org.posthorn.imap.Server.talk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is well formed and more than this server does at once: RFC 5530 3 "LIMIT". */
class OwnLimitsTest {

    @TempDir
    Path data;

    static Stream<String> tooMuch() {
        return Stream.of(
                "ESEARCH IN (mailboxes (" + numbered("x", 1000, "") + ")) ALL",
                "FETCH 1 (" + numbered("BODY.PEEK[", 201, "]") + ")",
                "FETCH 1 (" + numbered("BINARY.PEEK[", 21, "]") + ")",
                "FETCH 1 (" + numbered("BODY.PEEK[HEADER.FIELDS (x", 11, ")]") + ")",
                "FETCH 1 BODY.PEEK[HEADER.FIELDS (" + "x ".repeat(500) + "x)]",
                "FETCH 1 BODY.PEEK[1" + ".1".repeat(100) + "]",
                "SEARCH " + "(".repeat(51) + "ALL" + ")".repeat(51),
                "SEARCH SUBJECT " + "x".repeat(1025),
                "STORE 1 +FLAGS (" + "x".repeat(256) + ")",
                "LIST \"\" (" + "x ".repeat(100) + "x)",
                "LIST \"\" " + "x".repeat(2001),
                "LSUB \"\" " + "x".repeat(2001),
                "GETMETADATA INBOX (" + numbered("/private/x", 101, "") + ")",
                "GETMETADATA INBOX /private/" + "x".repeat(300),
                "SETMETADATA INBOX (/private" + "/x".repeat(16) + " NIL)",
                "LIST \"\" * RETURN (METADATA (" + numbered("/private/x", 101, "") + "))",
                "APPEND INBOX CATENATE (" + "URL /Sent/;UID=1 ".repeat(500) + "URL /Sent/;UID=1)");
    }

    private static String numbered(String before, int count, String behind) {
        StringBuilder all = new StringBuilder(before).append(1).append(behind);
        for (int i = 2; i <= count; i++)
            all.append(' ').append(before).append(i).append(behind);
        return all.toString();
    }

    @ParameterizedTest
    @MethodSource("tooMuch")
    void too_much_is_no_fault_of_syntax(String command) throws IOException {
        Server server = new Server(data);
        server.fred().deliver("A: 1\r\n\r\n");
        talk(server.select(), "C: a " + command + "\nS: a NO [LIMIT] {*}\nC: b NOOP\nS: b OK {*}");
    }

    @Test
    void two_hundred_things_may_be_asked_for_and_each_once_more() throws IOException {
        Server server = new Server(data);
        server.fred().deliver("A: 1\r\n\r\n");
        String most = numbered("BODY.PEEK[", 200, "]");
        talk(server.select(), "C: a FETCH 1 (" + most + " " + most + ")\nS+ a OK Fetched");
    }

    @Test
    void pieces_are_counted_as_they_come() throws IOException {
        String text = " TEXT {1+}\nC: x";
        talk(new Server(data).login(), """
                C: a APPEND INBOX CATENATE (TEXT {1+}
                C: x%s)
                S: a OK {*}
                C: b APPEND INBOX CATENATE (TEXT {1+}
                C: x%s TEXT {1}
                S: b NO [LIMIT] {*}
                C: c APPEND INBOX CATENATE (TEXT {1+}
                C: x%s)
                S: c NO [LIMIT] {*}
                """.formatted(text.repeat(499), text.repeat(499), text.repeat(500)));
    }
}
