package org.posthorn.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How streams of events end, RFC 8620 7.3. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventsTest {

    private static final String QUIET = "/jmap/eventsource?types=*&closeafter=no&ping=0";

    @TempDir
    Path data;

    private WebServer server;

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private Iterator<String> listen() throws Exception {
        Iterator<String> lines =
                server.stream(server.as("demo:secret", QUIET)).body().iterator();
        assertThat(lines.next()).isEqualTo(": hello");
        return lines;
    }

    private static void untilItEnds(Iterator<String> lines) {
        while (lines.hasNext()) assertThat(lines.next()).isIn("", ":");
    }

    @Test
    void one_that_nobody_hears_any_more_is_noticed() throws Exception {
        server = new WebServer(data, 1000);
        try (Socket client = new Socket("127.0.0.1", server.port())) {
            client.getOutputStream()
                    .write(("GET " + QUIET + " HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ZGVtbzpzZWNyZXQ=\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(client.getInputStream().read()).isPositive();
            until(() -> server.watching.size() == 1);
        }
        until(() -> server.watching.isEmpty());
    }

    private static void until(java.util.function.BooleanSupplier there) {
        while (!there.getAsBoolean()) {
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void the_oldest_makes_room_when_an_account_has_too_many() throws Exception {
        server = new WebServer(data);
        List<Iterator<String>> streams = new ArrayList<>();
        for (int i = 0; i < 11; i++) streams.add(listen());
        untilItEnds(streams.get(0));
        until(() -> server.watching.size() == 10);
    }

    @Test
    void one_ends_with_the_account_or_its_password() throws Exception {
        server = new WebServer(data);
        Iterator<String> lines = listen();
        assertThat(server.open).hasSize(1);
        server.open.keySet().forEach(Runnable::run);
        untilItEnds(lines);
        until(() -> server.open.isEmpty());
    }

    @Test
    void while_a_look_waits_for_a_part_of_the_server_other_answers_have_their_time() throws Exception {
        server = new WebServer(data);
        CountDownLatch looks = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        server.things.looking = () -> {
            looks.countDown();
            try {
                mayEnd.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        server.later(server.as("demo:secret", QUIET));
        looks.await();
        // It is held back for a moment, as any wrong password.
        assertThat(server.send(server.as("demo:wrong", "/.well-known/jmap")).statusCode())
                .isEqualTo(401);
        mayEnd.countDown();
    }

    /** RFC 8620 7.3: a client may have it as seldom as each 300 seconds, and as often as each 30. */
    @ParameterizedTest
    @CsvSource({"1, 5", "30, 30", "300, 300", "301, 300"})
    void who_asks_for_pings_has_them_and_they_are_no_news(int asked, int interval) throws Exception {
        server = new WebServer(data, 10_000);
        Iterator<String> lines = server.stream(server.as("demo:secret", QUIET.replace("ping=0", "ping=" + asked)))
                .body()
                .iterator();
        List<String> heard = new ArrayList<>();
        while (!heard.contains("event: ping")) heard.add(lines.next());
        assertThat(lines.next()).isEqualTo("data: {\"interval\":" + interval + "}");
        assertThat(lines.next()).isEmpty();
        assertThat(heard).noneMatch(line -> line.startsWith("id:"));
    }

    @Test
    void none_lasts_longer_than_an_hour() throws Exception {
        server = new WebServer(data, 10_000);
        untilItEnds(listen());
    }
}
