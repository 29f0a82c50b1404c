package org.posthorn.pop3;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.testkit.MemoryLine;
import org.posthorn.testkit.Script;

/** UIDL, RFC 1939 7, for clients that have left mail on the server that was here before. */
class UniqueIdTest {

    private final Server server = new Server("a: b\r\n\r\n");

    @ParameterizedTest
    @CsvSource({"posthorn,1796006437.101", "dovecot,000000656b0ce225", "uw,6b0ce22500000065"})
    void a_message_has_the_unique_id_of_the_server_that_was_here_before(String whose, String id) throws IOException {
        server.shelf.uidValidity = 0x6b0ce225;
        server.uniqueIds(whose);
        MemoryLine line = server.connect(true);
        Script.of("S: +OK {*}\nC: USER mrose\nS: +OK {*}\nC: PASS tan staaf\nS: +OK {*}\nC: UIDL 1\nS: +OK 1 " + id
                        + "\nC: UIDL\nS: +OK {*}\nS: 1 " + id + "\nS: .")
                .run(line);
    }

    @Test
    void a_mistyped_form_is_refused_and_the_one_before_stays() throws IOException {
        server.uniqueIds("uw");
        server.uniqueIds("dovekot");
        MemoryLine line = server.connect(true);
        Script.of(
                        "S: +OK {*}\nC: USER mrose\nS: +OK {*}\nC: PASS tan staaf\nS: +OK {*}\nC: UIDL 1\nS: +OK 1 0000000700000065")
                .run(line);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Server.of("dovekot"))
                .withMessage("uidl is posthorn, dovecot or uw, and not dovekot");
    }
}
