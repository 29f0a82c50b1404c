package org.posthorn.imap;

import static org.posthorn.imap.Server.talk;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.posthorn.testkit.MemoryLine;

/** The examples of RFC 5255 3.2, as far as English goes. */
class LanguageTest {

    private final Server server = new Server();

    @Test
    void languages_are_told_chosen_and_refused() throws IOException {
        talk(server.login(), """
                C: A002 LANGUAGE MUL
                S: A002 NO {*}
                C: A003 LANGUAGE
                S: * LANGUAGE (en i-default)
                S: A003 OK {*}
                C: D001 LANGUAGE FR
                S: D001 NO {*}
                C: D003 LANGUAGE "default"
                S: * LANGUAGE (i-default)
                S: D003 OK {*}
                C: E001 LANGUAGE FR-CA EN-CA
                S: * LANGUAGE (en)
                S: E001 OK {*}
                C: E002 LANGUAGE i-default en
                S: * LANGUAGE (i-default)
                S: E002 OK {*}
                C: E003 LANGUAGE {2+}
                C: en
                S: * LANGUAGE (en)
                S: E003 OK {*}
                """);
    }

    @Test
    void language_can_be_chosen_before_the_login() throws IOException {
        talk(server.connect(), "C: a LANGUAGE EN\nS: * LANGUAGE (en)\nS: a OK {*}");
    }

    @Test
    void range_of_any_length_is_read() throws IOException {
        String many = "-a".repeat(6000);
        MemoryLine line = server.connect();
        talk(line, "C: a LANGUAGE en" + many + "\nS: * LANGUAGE (en)\nS: a OK {*}");
        talk(line, "C: b LANGUAGE en" + many + "-\nS: b NO {*}");
    }

    @Test
    void what_is_no_list_of_ranges_is_bad() throws IOException {
        talk(server.login(), """
                C: a LANGUAGE (en)
                S: a BAD {*}
                C| b LANGUAGE \\r\\n
                S: b BAD {*}
                C: c LANGUAGE en  de
                S: c BAD {*}
                C: d LANGUAGE en,de
                S: d NO {*}
                C: e LANGUAGE en-
                S: e NO {*}
                C: f LANGUAGE ""
                S: f NO {*}
                """);
    }
}
