package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Entrance;
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

    @Test
    void the_next_version_knows_by_which_app_password_it_began() throws Exception {
        MemoryLine line = server.connect();
        Server.talk(line, "C: 0 LOGIN " + Server.FRED + " \"" + Server.APP_PASSWORD + "\"\nS: 0 OK {*}");
        Server next = new Server();
        line.resume(next.protocol, line.conversation().suspend().orElseThrow());
        Entrance entrance = new Entrance(Address.of(Server.FRED), Optional.of("c1"));
        assertThat(server.open()).containsExactly(entrance);
        assertThat(next.open()).containsExactly(entrance);
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
