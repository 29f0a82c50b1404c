package org.posthorn.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RefusalsTest {

    private final PrintStream before = System.err;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 5);
    private final Refusals refusals = new Refusals(time::get);

    @BeforeEach
    void listen() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void listenNoMore() {
        System.setErr(before);
    }

    private List<String> told() {
        return log.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.substring(line.indexOf(" - ") + 3))
                .toList();
    }

    private void minute() {
        time.addAndGet(Duration.ofMinutes(1).toNanos());
        refusals.tell();
    }

    private void come(int times, String listener, String client) throws UnknownHostException {
        for (int i = 0; i < times; i++) refusals.note(listener, InetAddress.getByName(client), "maxPerClient is 50");
    }

    @Test
    void the_first_is_told_at_once_and_a_flood_once_a_minute_with_who_and_how_many() throws Exception {
        come(1000, "smtp", "192.0.2.7");
        come(3, "smtp", "192.0.2.8");
        come(1, "imaps", "2001:db8::1");
        refusals.tell();
        assertThat(told())
                .containsExactly(
                        "smtp turns away 192.0.2.7: maxPerClient is 50",
                        "imaps turns away 2001:db8:0:0:0:0:0:1: maxPerClient is 50");
        minute();
        assertThat(told()).hasSize(3);
        assertThat(told().get(2))
                .isEqualTo("smtp has turned away 1002 more in the last minute, 999 of them from 192.0.2.7:"
                        + " maxPerClient is 50");
        minute();
        minute();
        assertThat(told()).hasSize(3);
        come(2, "smtp", "192.0.2.9");
        assertThat(told()).hasSize(4).last().isEqualTo("smtp turns away 192.0.2.9: maxPerClient is 50");
    }

    @Test
    void the_limit_that_is_reached_is_named() throws Exception {
        InetAddress client = InetAddress.getByName("192.0.2.7");
        Crowd crowd = new Crowd(2, () -> 1);
        assertThat(crowd.enter(client)).isEqualTo(Optional.empty());
        assertThat(crowd.enter(client)).contains("maxPerClient is 1");
        assertThat(crowd.enter(InetAddress.getByName("192.0.2.8"))).isEmpty();
        assertThat(crowd.enter(InetAddress.getByName("192.0.2.9"))).contains("maxConnections is 2");
    }
}
