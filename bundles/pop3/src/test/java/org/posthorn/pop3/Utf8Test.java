package org.posthorn.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.posthorn.api.net.Suspended;
import org.posthorn.testkit.MemoryLine;
import org.posthorn.testkit.Script;

/** A maildrop with headers in UTF-8, for clients that take them and for others: RFC 6856 2.1. */
class Utf8Test {

    private static final String LOGIN = "C: USER mrose\nS: +OK {*}\nC: PASS tan staaf\nS: +OK {*}\n";
    private static final String AS_IT_IS = """
            C: RETR 1
            S: +OK 49 octets
            S: From: \u00c3\u00a9@example.test
            S: Subject: \u00c3\u00a9
            S: X: \u00c3\u00a9
            S:
            S: \u00c3\u00a9
            S: .
            """;
    private static final String SURROGATE = """
            C: RETR 1
            S: +OK 119 octets
            S: From:
            S:  =?utf-8?b?w6lAZXhhbXBsZS50ZXN0?= <invalid@internationalized-address.invalid>
            S: Subject: =?utf-8?b?w6k=?=
            S:
            S: \u00c3\u00a9
            S: .
            """;

    private final Server server = new Server(new String(
            "From: é@example.test\r\nSubject: é\r\nX: é\r\n\r\né\r\n".getBytes(StandardCharsets.UTF_8),
            StandardCharsets.ISO_8859_1));

    private static void talk(MemoryLine line, String script) throws IOException {
        Script.of(script).run(line);
    }

    @Test
    void client_that_says_utf8_gets_messages_as_they_are() throws IOException {
        talk(server.connect(true), "S: +OK {*}\nC: UTF8\nS: +OK {*}\n" + LOGIN + AS_IT_IS);
    }

    @Test
    void other_client_gets_a_surrogate_and_as_many_lines_of_it_as_it_wants() throws IOException {
        MemoryLine line = server.connect(true);
        talk(line, "S: +OK {*}\n" + LOGIN + SURROGATE);
        talk(line, "C: TOP 1 0\nS: +OK {*}\nS+ Subject: =?utf-8?b?w6k=?=\nS: \nS: .");
    }

    @Test
    void list_tells_how_long_a_message_is_as_it_is_sent() throws IOException {
        MemoryLine utf8 = server.connect(true);
        talk(utf8, "S: +OK {*}\nC: UTF8\nS: +OK {*}\n" + LOGIN + "C: LIST 1\nS: +OK 1 49");
        MemoryLine other = server.connect(true);
        talk(other, "S: +OK {*}\n" + LOGIN + "C: LIST 1\nS: +OK 1 119\nC: LIST 2\nS: -ERR {*}");
        server.shelf.messages.clear();
        talk(other, "C: LIST 1\nS: +OK 1 49");
    }

    /** In UTF-8, and in Latin-1. */
    @Test
    void mail_that_is_not_internationalized_is_sent_as_it_is_to_anybody() throws IOException {
        for (String subject : new String[] {"\u00c3\u00a9", "\u00e9"}) {
            MemoryLine line = new Server("Subject: " + subject + "\r\n\r\n").connect(true);
            talk(line, "S: +OK {*}\n" + LOGIN);
            int size = 13 + subject.length();
            talk(
                    line,
                    "C: LIST 1\nS: +OK 1 " + size + "\nC: STAT\nS: +OK 1 " + size + "\nC: RETR 1\nS: +OK " + size
                            + " octets\nS: Subject: " + subject + "\nS:\nS: .\nC: TOP 1 0\nS: +OK {*}\nS: Subject: "
                            + subject
                            + "\nS:\nS: .");
        }
    }

    @Test
    void two_clients_see_the_same_message_each_its_own_way() throws IOException {
        MemoryLine one = server.connect(true);
        MemoryLine other = server.connect(true);
        talk(one, "S: +OK {*}\nC: UTF8\nS: +OK {*}\n" + LOGIN);
        talk(other, "S: +OK {*}\n" + LOGIN + SURROGATE + "C: UIDL 1\nS: +OK 1 7.101");
        talk(one, AS_IT_IS + "C: UIDL 1\nS: +OK 1 7.101");
    }

    @Test
    void what_was_said_before_tls_is_forgotten() throws IOException {
        talk(server.connect(false), "S: +OK {*}\nC: UTF8\nS: +OK {*}\nC: STLS\nS: +OK {*}\nT:\n" + LOGIN + SURROGATE);
    }

    @Test
    void suspended_session_goes_on_as_it_was() throws IOException {
        for (boolean utf8 : new boolean[] {true, false}) {
            MemoryLine line = server.connect(true);
            talk(line, "S: +OK {*}" + (utf8 ? "\nC: UTF8\nS: +OK {*}" : ""));
            line.resume(server.pop3, line.conversation().suspend().orElseThrow());
            talk(line, LOGIN);
            line.resume(server.pop3, line.conversation().suspend().orElseThrow());
            talk(line, utf8 ? AS_IT_IS : SURROGATE);
        }
    }

    @Test
    void page_of_a_version_that_knew_no_utf8_is_read() throws IOException {
        MemoryLine line = server.connect(true);
        talk(line, "S: +OK {*}\n" + LOGIN);
        Suspended state = line.conversation().suspend().orElseThrow();
        Map<String, String> values = new HashMap<>(state.values());
        assertThat(values.remove("utf8")).isEqualTo("false");
        line.resume(server.pop3, new Suspended(state.version(), values));
        talk(line, SURROGATE);
    }
}
