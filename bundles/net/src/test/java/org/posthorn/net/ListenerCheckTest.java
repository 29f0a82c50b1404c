package org.posthorn.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.posthorn.api.config.SettingsCheck.Problem;

class ListenerCheckTest {

    private final ListenerCheck check = new ListenerCheck();

    private static Map<String, Object> listener(int port, String... addresses) {
        return Map.of("protocol", "smtp", "port", port, "address", addresses);
    }

    @Test
    void a_protocol_that_nobody_speaks_is_told_with_those_that_are_there() {
        check.addProtocol(Map.of("name", "smtp"));
        check.addProtocol(Map.of("name", "imap"));
        assertThat(check.absent(Map.of("protocol", "imap"))).isEmpty();
        assertThat(check.absent(Map.of("protocol", "imapp")))
                .containsExactly(new Problem("protocol", "imapp", "the protocols that are there: imap, smtp"));
        check.removeProtocol(Map.of("name", "imap"));
        assertThat(check.absent(Map.of("protocol", "imap"))).hasSize(1);
    }

    @Test
    void a_port_that_two_listen_on_is_told_of_both() {
        Map<String, Map<String, Object>> all = new TreeMap<>();
        all.put("a", listener(25, "127.0.0.1", "::1"));
        all.put("b", listener(25, "127.0.0.2"));
        all.put("c", listener(26, "*"));
        all.put("d", listener(0, "*"));
        all.put("e", listener(0, "*"));
        assertThat(check.clashes(all)).isEmpty();
        all.put("f", listener(25, "0:0:0:0:0:0:0:1"));
        all.put("g", listener(26, "127.0.0.1", "nonsense"));
        assertThat(check.clashes(all))
                .isEqualTo(Map.of(
                        "a", List.of(new Problem("port", "25", "one that f does not listen on")),
                        "c", List.of(new Problem("port", "26", "one that g does not listen on")),
                        "f", List.of(new Problem("port", "25", "one that a does not listen on")),
                        "g", List.of(new Problem("port", "26", "one that c does not listen on"))));
    }

    @Test
    void an_address_that_is_another_machines_is_told_and_waited_for() {
        check.addProtocol(Map.of("name", "smtp"));
        Map<String, Object> settings = new TreeMap<>(listener(25, "127.0.0.1", "::1", "*", "192.0.2.1"));
        settings.put("protocol", "smtp");
        assertThat(check.absent(settings))
                .containsExactly(new Problem("address", "192.0.2.1", "addresses of this machine, or *"));
        assertThat(check.check(settings)).isEmpty();
    }

    @Test
    void a_port_that_the_offset_leads_beyond_the_last_is_told() {
        assertThat(new ListenerCheck(20000).check(listener(45535, "::1"))).isEmpty();
        assertThat(new ListenerCheck(20000).check(listener(53000, "::1")))
                .containsExactly(new Problem("port", "53000", "0 to 45535, with the port offset 20000"));
        assertThat(check.check(listener(65535, "::1"))).isEmpty();
    }

    @Test
    void what_is_no_address_is_told() {
        assertThat(check.check(listener(25, "localhost")))
                .extracting(Problem::value)
                .containsExactly("localhost");
    }
}
