package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthorn.testkit.MemoryLine;

/** What becomes of sessions whose user is removed, or gets another password. */
class OpenLoginTest {

    private static final String BYE = "S: * BYE [EXPIRED] {*}\nS!";

    private final Server server = new Server();

    @Test
    void a_session_ends_and_that_of_another_user_does_not() throws Exception {
        MemoryLine fred = server.select();
        MemoryLine alice = server.login("alice@example.org");
        server.endLogins(Server.FRED);
        Server.talk(fred, BYE);
        Server.talk(alice, "C: 2 NOOP\nS: 2 OK {*}");
    }

    @Test
    void a_session_in_idle_ends_at_once() throws Exception {
        MemoryLine fred = server.select();
        Server.talk(fred, "C: 2 IDLE\nS: + {*}");
        server.endLogins(Server.FRED);
        Server.talk(fred, BYE);
    }

    @Test
    void a_session_that_goes_on_in_the_next_version_ends_as_well() throws Exception {
        MemoryLine line = server.select();
        Server next = new Server();
        MemoryLine resumed =
                line.resume(next.protocol, line.conversation().suspend().orElseThrow());
        next.endLogins(Server.FRED);
        Server.talk(resumed, BYE);
    }

    /** RFC 8437 3: the client is somebody else then. */
    @Test
    void whoever_has_logged_out_meanwhile_stays() throws Exception {
        MemoryLine line = server.login();
        Server.talk(line, "C: 1 UNAUTHENTICATE\nS: 1 OK {*}");
        server.endLogins(Server.FRED);
        Server.talk(line, "C: 2 LOGIN alice@example.org \"foo bar\"\nS: 2 OK {*}");
        assertThat(line.isClosed()).isFalse();
    }
}
