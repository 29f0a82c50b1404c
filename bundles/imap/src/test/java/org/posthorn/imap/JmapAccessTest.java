package org.posthorn.imap;

import static org.posthorn.imap.Server.talk;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.posthorn.api.http.JmapAccess;
import org.posthorn.testkit.MemoryLine;

/** RFC 9698, with its examples. */
class JmapAccessTest {

    private final Server server = new Server();
    private final JmapAccess access = () -> Optional.of("https://mail.example.org/.well-known/jmap");

    @Test
    void where_there_is_jmap_it_is_announced_behind_the_login() throws IOException {
        server.protocol.bindJmap(access, Map.of());
        MemoryLine line = server.connect();
        talk(line, """
                C: 1 CAPABILITY
                S: * CAPABILITY IMAP4rev1 IMAP4rev2 LITERAL+ SASL-IR ID ENABLE LANGUAGE STARTTLS AUTH={*}
                S: 1 OK {*}
                C: 2 GETJMAPACCESS
                S: 2 BAD {*}
                """);
        talk(server.login(), """
                C: 1 CAPABILITY
                S: * CAPABILITY {*} JMAPACCESS {*}
                S: 1 OK {*}
                C: 2 GETJMAPACCESS
                S: * JMAPACCESS "https://mail.example.org/.well-known/jmap"
                S: 2 OK {*}
                """);
    }

    @Test
    void who_is_let_in_is_told_of_it_at_once_and_nobody_else() throws IOException {
        server.protocol.bindJmap(access, Map.of());
        talk(server.connect(), """
                C: 1 AUTHENTICATE PLAIN AGZyZWRAZXhhbXBsZS5vcmcAZm9vIGJhcg==
                S: 1 OK [CAPABILITY {*} JMAPACCESS {*}] {*}
                C: 1b GETJMAPACCESS
                S: * JMAPACCESS "https://mail.example.org/.well-known/jmap"
                S: 1b OK {*}
                """);
        talk(server.connect(), """
                C: 2 LOGIN "fred@example.org" "foo bar"
                S: 2 OK [CAPABILITY {*} JMAPACCESS {*}] {*}
                """);
        talk(server.connect(), """
                C: 4 LOGIN "fred@example.org" "oslo"
                S: 4 NO [AUTHENTICATIONFAILED] {*}
                """);
    }

    /** RFC 9698 4. */
    @Test
    void where_there_is_none_it_is_not() throws IOException {
        server.protocol.bindJmap(access, Map.of());
        server.protocol.unbindJmap(access);
        MemoryLine line = server.login();
        talk(line, """
                C: 1 GETJMAPACCESS
                S: 1 BAD {*}
                """);
        talk(line, """
                C: 2 CAPABILITY
                S: * CAPABILITY {*} UTF8=ACCEPT COMPRESS=DEFLATE APPENDLIMIT=200000
                S: 2 OK {*}
                """);
    }
}
