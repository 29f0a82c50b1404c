package org.posthorn.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.api.http.WebRequest;

/** WebSockets at the door, RFC 6455. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WebSocketTest {

    @TempDir
    Path folder;

    private Site site;
    private final EchoSocket echo = new EchoSocket();

    @BeforeEach
    void make() throws Exception {
        site = new Site(folder);
    }

    private void start() {
        site.start(Site.noKeys());
        site.front().addServlet(echo, Map.of("name", "echo", WebRequest.PATTERNS, "/echo/*"));
    }

    @AfterEach
    void close() {
        site.close();
    }

    private FrameClient client() throws IOException {
        return new FrameClient(site.port(), "/echo/x");
    }

    @Test
    void the_handshake_is_that_of_the_example() throws Exception {
        start();
        try (FrameClient client = client()) {
            assertThat(client.head)
                    .startsWith("HTTP/1.1 101")
                    .containsIgnoringCase("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
                    .containsIgnoringCase("Sec-WebSocket-Protocol: echo\r\n")
                    .doesNotContainIgnoringCase("extensions");
        }
    }

    @Test
    void compression_is_not_agreed_on() throws Exception {
        start();
        String offer = "Sec-WebSocket-Protocol: echo\r\nSec-WebSocket-Extensions: permessage-deflate\r\n";
        try (FrameClient client = new FrameClient(site.port(), "/echo", offer)) {
            assertThat(client.head).startsWith("HTTP/1.1 101").doesNotContainIgnoringCase("extensions");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-WebSocket-Version: 8",
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c2hvcnQ=",
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ~",
        "Sec-WebSocket-Version: 13"
    })
    void what_is_no_handshake_is_no_offer(String more) throws Exception {
        start();
        assertThat(site.say("GET /echo HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n"
                        + "Sec-WebSocket-Protocol: echo\r\n" + more + "\r\n\r\n"))
                .startsWith("HTTP/1.1 426");
    }

    @Test
    void a_client_of_the_jdk_has_its_texts_back() throws Exception {
        start();
        CompletableFuture<String> back = new CompletableFuture<>();
        CompletableFuture<String> ponged = new CompletableFuture<>();
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        WebSocket client = FrameClient.jdk(site.port(), "/echo", new WebSocket.Listener() {
            private final StringBuilder text = new StringBuilder();

            @Override
            public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                text.append(data);
                if (last) back.complete(text.toString());
                return WebSocket.Listener.super.onText(socket, data, last);
            }

            @Override
            public CompletionStage<?> onPong(WebSocket socket, java.nio.ByteBuffer message) {
                ponged.complete(StandardCharsets.US_ASCII.decode(message).toString());
                return WebSocket.Listener.super.onPong(socket, message);
            }

            @Override
            public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                ended.complete(code);
                return null;
            }
        });
        assertThat(client.getSubprotocol()).isEqualTo("echo");
        client.sendPing(java.nio.ByteBuffer.wrap("still there?".getBytes(StandardCharsets.US_ASCII)))
                .join();
        String long1 = "\u00fc\u20ac\ud83d\ude00".repeat(100_000);
        client.sendText(long1, false).join();
        client.sendText("!", true).join();
        assertThat(ponged.join()).isEqualTo("still there?");
        assertThat(back.join()).isEqualTo(long1 + "!");
        client.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        assertThat(ended.join()).isEqualTo(1000);
        Site.until(() -> echo.closed.get() == 1);
    }

    /** Each is what the client sends, in hexadecimal, mask and all, and the code that it is told. */
    @ParameterizedTest
    @CsvSource({
        "8105 48656c6c6f, 1002", // not masked
        "C185 00000000 48656c6c6f, 1002", // a bit of an extension that there is not
        "8385 00000000 48656c6c6f, 1002", // an opcode that there is not
        "0980 00000000, 1002", // a ping in fragments
        "89FE 007E 00000000 00, 1002", // a ping too long
        "8085 00000000 48656c6c6f, 1002", // goes on with nothing
        "0181 00000000 48 8181 00000000 49, 1002", // begins anew in the midst
        "8881 00000000 03, 1002", // half a code
        "8882 00000000 03ED, 1002", // a code that nobody may send
        "8282 00000000 0102, 1003", // binary
        "8182 00000000 C080, 1007", // too long for what it is
        "8183 00000000 EDA080, 1007", // half a surrogate pair
        "8182 00000000 E282, 1007", // ends in the midst
        "0182 00000000 E282 8081 00000000 28, 1007", // goes on wrongly
        "81FF 7FFFFFFFFFFFFFFF 00000000, 1009", // longer than anything
    })
    void a_hostile_frame_has_its_code(String sent, int code) throws Exception {
        start();
        try (FrameClient client = client()) {
            client.write(java.util.HexFormat.of().parseHex(sent.replace(" ", "")));
            FrameClient.Frame last = client.read();
            assertThat(last.opcode()).isEqualTo(FrameClient.CLOSE);
            assertThat(last.code()).isEqualTo(code);
            client.write(FrameClient.frame(FrameClient.FIN | FrameClient.CLOSE, new byte[] {3, (byte) 0xE8}));
            assertThat(client.ended()).isTrue();
        }
        Site.until(() -> echo.closed.get() == 1);
    }

    @Test
    void a_character_may_lie_across_fragments_and_a_ping_between_them() throws Exception {
        start();
        try (FrameClient client = client()) {
            client.write(java.util.HexFormat.of().parseHex("018200000000E282"));
            client.send(FrameClient.FIN | FrameClient.PING, "p");
            client.write(java.util.HexFormat.of().parseHex("808100000000AC"));
            assertThat(client.read().opcode()).isEqualTo(FrameClient.PONG);
            assertThat(client.read().text()).isEqualTo("\u20ac");
        }
        Site.until(() -> echo.closed.get() == 1);
    }

    @Test
    void a_listener_that_fails_ends_it() throws Exception {
        start();
        try (FrameClient client = client()) {
            client.send(FrameClient.FIN | FrameClient.TEXT, "break");
            assertThat(client.read().code()).isEqualTo(1011);
        }
        Site.until(() -> echo.closed.get() == 1);
    }

    @Test
    void a_listener_that_closed_it_hears_nothing_more() throws Exception {
        start();
        try (FrameClient client = client()) {
            client.send(FrameClient.FIN | FrameClient.TEXT, "bye");
            client.send(FrameClient.FIN | FrameClient.TEXT, "and?");
            assertThat(client.read().code()).isEqualTo(1001);
            // Who does not answer a close is waited for a while, and cut off.
            assertThat(client.ended()).isTrue();
        }
        assertThat(echo.texts).hasValue(1);
        assertThat(echo.closed).hasValue(0);
    }

    @Test
    void who_does_not_answer_pings_is_cut_off_and_who_does_stays() throws Exception {
        site.settings.put("idleTimeout", 1);
        start();
        try (FrameClient dead = client();
                FrameClient alive = client()) {
            for (int i = 0; i < 4; i++) {
                assertThat(alive.read().opcode()).isEqualTo(FrameClient.PING);
                alive.send(FrameClient.FIN | FrameClient.PONG, "");
            }
            assertThat(dead.read().opcode()).isEqualTo(FrameClient.PING);
            assertThatThrownBy(dead::read).isInstanceOfAny(EOFException.class, SocketException.class);
            alive.send(FrameClient.FIN | FrameClient.TEXT, "here");
            assertThat(alive.readBehindPings().text()).isEqualTo("here");
        }
    }

    @Test
    void who_reads_nothing_is_not_heard_any_more_and_then_cut_off() throws Exception {
        site.settings.put("idleTimeout", 2);
        start();
        byte[] text = FrameClient.frame(FrameClient.FIN | FrameClient.TEXT, new byte[1 << 20]);
        try (FrameClient client = client()) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1000; i++) client.write(text);
                    })
                    .isInstanceOf(IOException.class);
        }
        Site.until(() -> echo.closed.get() == 1);
        // What is on its way is in the buffers of the system alone.
        assertThat(echo.texts.get()).isLessThan(100);
    }

    @Test
    void it_counts_as_one_connection() throws Exception {
        site.settings.put("maxPerClient", 1);
        start();
        try (FrameClient client = client()) {
            client.send(FrameClient.FIN | FrameClient.TEXT, "here");
            assertThat(client.read().text()).isEqualTo("here");
            assertThat(refused()).isTrue();
        }
        Site.until(() -> !refused());
    }

    private boolean refused() {
        try {
            return site.get("/echo").isEmpty();
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void the_end_of_the_door_ends_it() throws Exception {
        start();
        try (FrameClient client = client()) {
            Site.until(() -> !echo.opened.isEmpty());
            site.settings.put("port", Site.free());
            site.front().stop();
            site.close();
            assertThatThrownBy(client::read).isInstanceOfAny(EOFException.class, SocketException.class);
        }
        Site.until(() -> echo.closed.get() == 1);
        site = new Site(folder.resolve("next"));
    }

    /** Frames of a seeded chance: whatever comes, each one that was opened is closed once, and others are served. */
    @Test
    void whatever_comes_the_door_stands() throws Exception {
        start();
        int clients = 300;
        for (int seed = 0; seed < clients; seed++) {
            try (FrameClient client = client()) {
                client.write(noise(new Random(seed)));
                client.socket.shutdownOutput();
                readAll(client);
            } catch (SocketException reset) {
                // Cut off while it sent: as good an end as any.
                assertThat(reset).isNotNull();
            }
        }
        Site.until(() -> echo.closed.get() == clients);
        assertThat(echo.opened).hasSize(clients);
        others_are_served();
    }

    private void others_are_served() throws IOException {
        try (FrameClient client = client()) {
            client.send(FrameClient.FIN | FrameClient.TEXT, "still here");
            assertThat(client.read().text()).isEqualTo("still here");
        }
    }

    private static void readAll(FrameClient client) throws IOException {
        while (true) {
            try {
                client.read();
            } catch (EOFException ended) {
                return;
            }
        }
    }

    /** Frames that are more or less well, and then octets that are none. */
    private static byte[] noise(Random random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int frames = random.nextInt(6);
        for (int i = 0; i < frames; i++) {
            byte[] payload = new byte[random.nextInt(4) == 0 ? random.nextInt(70_000) : random.nextInt(130)];
            if (random.nextBoolean()) random.nextBytes(payload);
            int[] likely = {0x81, 0x01, 0x00, 0x80, 0x89, 0x8A, 0x88};
            int first = random.nextInt(5) == 0 ? random.nextInt(256) : likely[random.nextInt(likely.length)];
            out.writeBytes(FrameClient.frame(first, payload));
        }
        byte[] rest = new byte[random.nextInt(40)];
        random.nextBytes(rest);
        out.writeBytes(rest);
        return out.toByteArray();
    }
}
