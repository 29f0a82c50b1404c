package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.imap.Server.talk;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.posthorn.testkit.MemoryLine;

/** COMPRESS as a conversation has it; octets are the door's. */
class CompressTest {

    private final Server server = new Server();

    @Test
    void compression_begins_behind_the_answer() throws IOException {
        // RFC 4978 3
        talk(server.login(), """
                C: c compress deflate
                S: c OK DEFLATE is active
                Z:
                C: d NOOP
                S: d OK {*}
                """);
    }

    @Test
    void compression_is_refused_twice() throws IOException {
        // RFC 4978 3
        talk(server.login(), """
                C: c COMPRESS DEFLATE
                S: c OK DEFLATE is active
                Z:
                C: d COMPRESS DEFLATE
                S: d NO [COMPRESSIONACTIVE] DEFLATE is active by COMPRESS
                Z:
                """);
    }

    @Test
    void compression_is_told_of_while_it_can_be_had() throws IOException {
        MemoryLine line = server.connect();
        talk(line, """
                C: a COMPRESS DEFLATE
                S: a BAD Not now: log in first
                C: b LOGIN fred@example.org "foo bar"
                S: b OK [CAPABILITY {*} COMPRESS=DEFLATE {*}] Logged in
                C: c COMPRESS DEFLATE
                S: c OK {*}
                Z:
                """);
        line.send("d CAPABILITY\r\n");
        assertThat(line.read()).startsWith("* CAPABILITY ").doesNotContain("COMPRESS");
        assertThat(line.read()).startsWith("d OK ");
    }

    @Test
    void what_is_no_algorithm_changes_nothing() throws IOException {
        talk(server.login(), """
                C: a COMPRESS
                S: a BAD {*}
                C: b COMPRESS LZMA
                S: b BAD There is no such algorithm
                C: c COMPRESS DEFLATE 9
                S: c BAD {*}
                C: d COMPRESS "DEFLATE"
                S: d BAD {*}
                C: e COMPRESS {7+}
                C: DEFLATE
                S: e BAD {*}
                Z!
                """);
    }

    @Test
    void mailbox_stays_selected_and_its_news_are_told() throws IOException {
        MemoryLine line = server.select();
        talk(line, "C: a COMPRESS DEFLATE\nS: a OK {*}\nZ:\nC: b IDLE\nS: + {*}");
        talk(server.login(), "C: a APPEND INBOX {8+}\nC| A: 1\\r\\n\\r\\n\nC: \nS+ a OK {*}");
        talk(line, "S: * 1 EXISTS\nS: * 1 RECENT\nC: DONE\nS: b OK {*}\nC: c FETCH 1 BODY[]\nS+ c OK {*}");
    }

    @Test
    void who_logs_out_and_stays_goes_on_in_clear() throws IOException {
        // RFC 8437 4.1
        MemoryLine line = server.login();
        talk(line, """
                C: a COMPRESS DEFLATE
                S: a OK {*}
                Z:
                C: b UNAUTHENTICATE
                S: b OK {*}
                Z!
                C: c LOGIN fred@example.org "foo bar"
                S: c OK [CAPABILITY {*} COMPRESS=DEFLATE {*}] Logged in
                C: d UNAUTHENTICATE
                S: d OK {*}
                Z!
                """);
    }

    @Test
    void another_version_knows_that_it_is_so() throws IOException {
        MemoryLine line = server.select();
        talk(line, "C: a COMPRESS DEFLATE\nS: a OK {*}\nZ:");
        line.resume(new Server().protocol, line.conversation().suspend().orElseThrow());
        talk(line, "C: b COMPRESS DEFLATE\nS: b NO [COMPRESSIONACTIVE] {*}");
    }
}
