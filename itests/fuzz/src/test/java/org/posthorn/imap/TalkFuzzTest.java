package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.imap.Server.talk;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.posthorn.testkit.MemoryLine;

/** A client with a mailbox selected says anything. */
class TalkFuzzTest {

    private static final Pattern LITERAL = Pattern.compile("\\{(\\d+)}$");

    @FuzzTest
    @Timeout(60)
    void whatever_is_said_the_answers_are_those_of_imap_and_others_are_served(byte[] octets) throws IOException {
        Server server = new Server();
        server.fred().deliver("From: a@b.c\r\nSubject: one\r\nDate: Mon, 7 Feb 1994 21:52:25 -0800\r\n\r\nbody\r\n");
        server.fred()
                .deliver(
                        "Subject: Re: one\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\npart\r\n--x--\r\n");
        MemoryLine line = server.select();
        line.send(new String(octets, StandardCharsets.ISO_8859_1));
        answers(line.unread());
        line.close();
        talk(server.select(), "C: 2 NOOP\nS: 2 OK {*}");
    }

    /** RFC 3501 7: lines that begin with a tag, an asterisk or a plus, and what no line can hold as a literal. */
    private static void answers(String text) {
        boolean within = false;
        for (int at = 0; at < text.length(); ) {
            int end = text.indexOf("\r\n", at);
            assertThat(end).as("the end of a line").isGreaterThanOrEqualTo(0);
            String line = text.substring(at, end);
            assertThat(line).doesNotContain("\r", "\n", "\0").doesNotContain("could not be done");
            if (!within) assertThat(line).matches("(?s)([*+]|[^ (){%*\"\\\\+\\]\\x00-\\x1f\\x7f]+)( .*)?");
            Matcher literal = LITERAL.matcher(line);
            within = literal.find();
            at = end + 2 + (within ? Integer.parseInt(literal.group(1)) : 0);
        }
    }
}
