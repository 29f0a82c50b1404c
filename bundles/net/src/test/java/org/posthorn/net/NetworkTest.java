package org.posthorn.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocket;
import org.apache.mina.core.session.IoSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.lease.Probation;
import org.posthorn.api.net.Connection;
import org.posthorn.api.net.Farewell;
import org.posthorn.testkit.Script;
import org.posthorn.testkit.TcpLine;
import org.posthorn.testkit.Trust;

class NetworkTest {

    /** Linux takes some 4 MB from a server whose client does not read. */
    static final int MORE_THAN_SOCKETS_HOLD = 8 * 1024 * 1024;

    @TempDir
    Path folder;

    private House house;
    private Echo echo;

    @BeforeEach
    void open() {
        house = new House(folder);
        echo = house.speaks("v1");
    }

    @AfterEach
    void close() {
        house.close();
    }

    private static void talk(int port, String script) throws IOException {
        try (TcpLine line = TcpLine.to(port)) {
            Script.of(script).run(line);
        }
    }

    @Test
    void lines_are_answered_in_order_when_they_come_at_once() throws Exception {
        talk(house.listen(Port.TlsMode.none), """
                C| a\\r\\nb\\r\\nlines\\r\\n
                S: hello v1
                S: v1: a
                S: v1: b
                S: 3
                C: quit
                S: bye
                S!
                """);
        assertThat(echo.events.poll(5, TimeUnit.SECONDS)).isEqualTo("closed v1");
    }

    @Test
    void data_ends_at_the_lone_dot_and_nowhere_else() throws Exception {
        talk(house.listen(Port.TlsMode.none), """
                S: hello v1
                C: data 1000
                C| one\\r\\n..two\\r\\n\\n.\\r\\n.\\n.\\r\\r\\n.x\\r\\n.\\r\\nnext\\r\\n
                S: got 23 false true one\\r\\n.two\\r\\n\\n.\\r\\n\\n.\\r\\r\\nx\\r\\n
                S: v1: next
                C: data 5
                C| 123456\\r\\n.\\r\\n
                S: got 8 true false 12345
                """);
    }

    @Test
    void counted_octets_come_exactly() throws Exception {
        talk(house.listen(Port.TlsMode.none), """
                S: hello v1
                C: count 5
                C| a\\r\\n\\r\\nb\\r\\n
                S: got 5 false false a\\r\\n\\r\\n
                S: v1: b
                C: count 0
                S: got 0 false false {*}
                """);
    }

    @Test
    void a_line_with_a_bare_end_or_too_long_is_told_and_passed_over() throws Exception {
        talk(house.listen(Port.TlsMode.none), """
                S: hello v1
                C| a\\nb\\r\\n
                S: broken BARE_LINE_END
                C| a\\rb\\r\\n
                S: broken BARE_LINE_END
                C: limit 10
                C: 12345678901
                S: broken TOO_LONG
                C: 1234567890
                S: v1: 1234567890
                """);
    }

    @Test
    void a_line_that_never_ends_is_answered_and_cut_off() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), house.listen(Port.TlsMode.none))) {
            byte[] much = "x".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
            socket.setSoTimeout(10_000);
            boolean cut = false;
            for (int i = 0; i < 1024 && !cut; i++) {
                try {
                    socket.getOutputStream().write(much);
                } catch (IOException e) {
                    cut = true;
                }
            }
            assertThat(cut).isTrue();
        }
    }

    @Test
    void random_octets_harm_nobody() throws Exception {
        int plain = house.listen(Port.TlsMode.none);
        int implicit = house.listen(Port.TlsMode.implicit);
        Random random = new Random(7);
        for (int i = 0; i < 60; i++) {
            byte[] noise = new byte[random.nextInt(5000)];
            random.nextBytes(noise);
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), i % 2 == 0 ? plain : implicit)) {
                socket.getOutputStream().write(noise);
            }
        }
        talk(plain, "S: hello v1\nC: x\nS: v1: x\n");
        try (TcpLine line = TcpLine.tlsTo(implicit)) {
            Script.of("S: hello v1\nC: x\nS: v1: x\n").run(line);
        }
    }

    @Test
    void starttls_secures_the_same_conversation() throws Exception {
        talk(house.listen(Port.TlsMode.starttls), """
                S: hello v1
                C: one
                S: v1: one
                C: tls
                S: begin
                T:
                C: lines
                S: 3
                C: quit
                S: bye
                S!
                """);
        assertThat(echo.events.poll(5, TimeUnit.SECONDS)).isEqualTo("secured TLSv1.3");
    }

    @Test
    void what_comes_in_clear_behind_starttls_cuts_the_line() throws Exception {
        talk(house.listen(Port.TlsMode.starttls), """
                # The STARTTLS injection: the second line must never be answered.
                S: hello v1
                C| tls\\r\\ninjected\\r\\n
                S!
                """);
        talk(house.listen(Port.TlsMode.starttls), """
                # Half a line is enough.
                S: hello v1
                C| tls\\r\\ninj
                S!
                """);
        assertThat(echo.events).doesNotContain("secured TLSv1.3");
    }

    @Test
    void a_slow_reader_gets_all_of_a_big_answer_over_tls() throws Exception {
        try (SSLSocket socket = (SSLSocket) Trust.everybody()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), house.listen(Port.TlsMode.implicit))) {
            bigAnswer(socket, MORE_THAN_SOCKETS_HOLD);
        }
    }

    @Test
    void a_slow_reader_gets_all_of_a_big_answer_in_clear() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), house.listen(Port.TlsMode.none))) {
            bigAnswer(socket, MORE_THAN_SOCKETS_HOLD);
        }
    }

    private static void bigAnswer(Socket socket, int size) throws IOException {
        socket.getOutputStream().write(("big " + size + "\r\nquit\r\n").getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        assertThat(new String(in.readNBytes(17), StandardCharsets.US_ASCII)).isEqualTo("hello v1\r\nbegin\r\n");
        byte[] all = in.readNBytes(size);
        try (InputStream wanted = Echo.big(size).open()) {
            assertThat(all).isEqualTo(wanted.readAllBytes());
        }
        // A clean end: over TLS without close_notify this would throw.
        assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo("end\r\nbye\r\n");
    }

    @ParameterizedTest
    @EnumSource(names = {"none", "implicit"})
    void a_produced_answer_is_made_as_the_client_takes_it(Port.TlsMode tls) throws Exception {
        int port = house.listen(tls);
        try (TcpLine line = tls == Port.TlsMode.none ? TcpLine.to(port) : TcpLine.tlsTo(port)) {
            assertThat(line.read()).isEqualTo("hello v1");
            line.send("produce 100000\r\nafter\r\n");
            for (int i = 100000; i > 0; i--) assertThat(line.read()).isEqualTo("piece " + i);
            assertThat(line.read()).isEqualTo("v1: after");
        }
    }

    @Test
    void a_conversation_that_waits_takes_no_lines_but_news() throws Exception {
        try (TcpLine line = TcpLine.to(house.listen(Port.TlsMode.none))) {
            assertThat(line.read()).isEqualTo("hello v1");
            line.send("await\r\nafter\r\n");
            echo.last.run(() -> echo.last.send("news\r\n"));
            assertThat(line.read()).isEqualTo("news");
            echo.gate.complete(null);
            assertThat(line.read()).isEqualTo("awaited");
            assertThat(line.read()).isEqualTo("v1: after");
        }
    }

    @Test
    void what_other_threads_send_goes_out_by_itself() throws Exception {
        try (TcpLine line = TcpLine.to(house.listen(Port.TlsMode.none))) {
            assertThat(line.read()).isEqualTo("hello v1");
            echo.last.send("unasked\r\n");
            assertThat(line.read()).isEqualTo("unasked");
        }
    }

    @Test
    void an_idle_client_is_told_and_dropped() throws Exception {
        talk(house.listen(Port.TlsMode.none), """
                S: hello v1
                C: timeout 200
                S: ending IDLE v1
                S!
                """);
    }

    @Test
    void a_client_that_dribbles_octets_but_no_lines_is_idle() throws Exception {
        try (TcpLine line = TcpLine.to(house.listen(Port.TlsMode.none))) {
            assertThat(line.read()).isEqualTo("hello v1");
            line.send("timeout 300\r\n");
            Thread dribble = new Thread(() -> {
                try {
                    for (int i = 0; i < 10_000; i++) {
                        line.send("x");
                        TimeUnit.MILLISECONDS.sleep(50);
                    }
                } catch (IOException | InterruptedException cut) {
                    Thread.currentThread().interrupt();
                }
            });
            dribble.start();
            assertThat(line.read()).isEqualTo("ending IDLE v1");
            dribble.interrupt();
            dribble.join();
        }
    }

    @Test
    void commands_before_a_half_close_are_answered() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), house.listen(Port.TlsMode.none))) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("a\r\nb\r\nhalf a line".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("hello v1\r\nv1: a\r\nv1: b\r\n");
        }
        assertThat(echo.events.poll(5, TimeUnit.SECONDS)).isEqualTo("closed v1");
    }

    @Test
    void an_answer_that_is_on_its_way_goes_on_when_the_client_closes_its_end() throws Exception {
        int size = 20_000_000;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), house.listen(Port.TlsMode.none))) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(("big " + size + "\r\n").getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            in.readNBytes("hello v1\r\nbegin\r\n".length());
            // MINA looks for waiting writes where one that is half done is not.
            IoSession session = ((ClientConnection) echo.last).session();
            await(() -> session.getCurrentWriteRequest() != null);
            socket.shutdownOutput();
            await(session::isReadSuspended);
            in.readNBytes(1);
            assertThat(in.readAllBytes()).hasSize(size - 1 + "end\r\n".length());
        }
    }

    private void await(BooleanSupplier event) throws Exception {
        CompletableFuture<Void> happened = new CompletableFuture<>();
        house.clock.scheduleWithFixedDelay(
                () -> {
                    if (event.getAsBoolean()) happened.complete(null);
                },
                0,
                5,
                TimeUnit.MILLISECONDS);
        happened.get(20, TimeUnit.SECONDS);
    }

    @Test
    void a_conversation_that_throws_ends_alone() throws Exception {
        int port = house.listen(Port.TlsMode.none);
        talk(port, "S: hello v1\nC: fail\nS!\n");
        talk(port, "S: hello v1\nC: a\nS: v1: a\n");
    }

    @Test
    void beyond_the_limit_clients_hear_that_it_is_crowded() throws Exception {
        int port = house.listen(Port.TlsMode.none, new Crowd(0, () -> 2));
        try (TcpLine one = TcpLine.to(port);
                TcpLine two = TcpLine.to(port)) {
            assertThat(one.read()).isEqualTo("hello v1");
            assertThat(two.read()).isEqualTo("hello v1");
            talk(port, "S: ending CROWDED v1\nS!\n");
            one.send("quit\r\n");
            assertThat(one.read()).isEqualTo("bye");
            assertThat(one.read()).isNull();
        }
    }

    @Test
    void a_thousand_connections_of_one_client_leave_room_for_others() throws Exception {
        Crowd crowd = new Crowd(0, () -> 10);
        int port = house.listen(Port.TlsMode.none, crowd);
        List<Socket> all = new ArrayList<>();
        try {
            for (int i = 0; i < 1000; i++) all.add(new Socket(InetAddress.getLoopbackAddress(), port));
            int greeted = 0;
            for (Socket socket : all) {
                socket.setSoTimeout(10_000);
                try {
                    if (socket.getInputStream().read() == 'h') greeted++;
                } catch (IOException reset) {
                    continue;
                }
            }
            assertThat(greeted).isEqualTo(10);
            assertThat(crowd.enter(InetAddress.getByName("192.0.2.1"))).isEmpty();
            crowd.leave(InetAddress.getByName("192.0.2.1"));
        } finally {
            for (Socket socket : all) socket.close();
        }
    }

    @Test
    void a_new_certificate_counts_for_new_connections_and_cuts_no_old_one() throws Exception {
        int port = house.listen(Port.TlsMode.implicit);
        try (SSLSocket old = tls(port)) {
            var before = old.getSession().getPeerCertificates()[0];
            java.nio.file.Files.delete(folder.resolve("certificate.pem"));
            java.nio.file.Files.delete(folder.resolve("key.pem"));
            house.keys.look();
            SelfSigned.in(folder, "other.example.test");
            house.keys.look();
            try (SSLSocket fresh = tls(port)) {
                assertThat(fresh.getSession().getPeerCertificates()[0]).isNotEqualTo(before);
            }
            old.getOutputStream().write("quit\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(old.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("hello v1\r\nbye\r\n");
        }
    }

    private static SSLSocket tls(int port) throws IOException {
        SSLSocket socket =
                (SSLSocket) Trust.everybody().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        socket.startHandshake();
        return socket;
    }

    @Test
    void a_conversation_moves_to_the_better_service_between_two_commands() throws Exception {
        try (TcpLine line = TcpLine.to(house.listen(Port.TlsMode.none))) {
            assertThat(line.read()).isEqualTo("hello v1");
            line.send("data 100\r\n");
            line.send("still ");
            Echo second = new Echo("v2");
            house.add(second, 1);
            line.send("old\r\n.\r\nnew\r\nlines\r\n");
            assertThat(line.read()).isEqualTo("got 11 false false still old\\r\\n");
            assertThat(line.read()).isEqualTo("v2: new");
            assertThat(line.read()).isEqualTo("3");
            house.remove(echo);
            assertThat(echo.events).containsExactly("closed v1");
        }
    }

    @Test
    void who_cannot_go_over_is_told_that_the_part_is_replaced_and_the_log_that_it_holds_it() throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (TcpLine line = TcpLine.to(house.listen(Port.TlsMode.none))) {
            assertThat(line.read()).isEqualTo("hello v1");
            line.send("first\r\ndata 100\r\nwithout end");
            assertThat(line.read()).isEqualTo("v1: first");
            house.add(new Echo("v2"), 1);
            house.remove(echo, Farewell.REPLACED);
            assertThat(line.read()).isEqualTo("ending REPLACED v1");
            assertThat(line.read()).isNull();
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(StandardCharsets.UTF_8))
                .contains("1 connections still hold org.posthorn.net.Echo")
                .contains("1 connections that hold org.posthorn.net.Echo to the last are ended");
    }

    @Test
    void what_a_command_cannot_find_is_told_with_the_bundle_and_costs_that_connection_alone() throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        int port = house.listen(Port.TlsMode.none);
        try (TcpLine other = TcpLine.to(port)) {
            assertThat(other.read()).isEqualTo("hello v1");
            try (TcpLine line = TcpLine.to(port)) {
                assertThat(line.read()).isEqualTo("hello v1");
                line.send("lacks\r\n");
                assertThat(line.read()).isNull();
            }
            other.send("still there\r\n");
            assertThat(other.read()).isEqualTo("v1: still there");
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(StandardCharsets.UTF_8))
                .contains("failed in org.posthorn.net.Echo and was ended: java.lang.NoClassDefFoundError: Command");
    }

    @Test
    void what_goes_on_with_a_conversation_has_its_say_before_the_client() throws Exception {
        try (TcpLine line = TcpLine.to(house.listen(Port.TlsMode.none))) {
            assertThat(line.read()).isEqualTo("hello v1");
            // What comes together is answered together: behind the answer the data are under way.
            line.send("before\r\ndata 100\r\nstill ");
            assertThat(line.read()).isEqualTo("v1: before");
            Echo second = new Echo("v2");
            second.resumeAsks = c -> c.produce(() -> {
                c.send("moved\r\n");
                return false;
            });
            house.add(second, 1);
            line.send("old\r\n.\r\nproduce 1\r\n");
            assertThat(line.read()).startsWith("got 11");
            assertThat(line.read()).isEqualTo("moved");
            assertThat(line.read()).isEqualTo("piece 1");
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalArgumentException.class, NullPointerException.class, NoClassDefFoundError.class})
    void a_conversation_that_the_better_service_cannot_go_on_with_stays_in_the_old_one(Class<? extends Throwable> why)
            throws Exception {
        try (TcpLine line = TcpLine.to(house.listen(Port.TlsMode.none))) {
            assertThat(line.read()).isEqualTo("hello v1");
            Echo second = new Echo("v2");
            second.resumeFails = why;
            house.add(second, 1);
            line.send("still\r\nthere\r\n");
            assertThat(line.read()).isEqualTo("v1: still");
            assertThat(line.read()).isEqualTo("v1: there");
        }
    }

    @Test
    void what_a_better_service_asks_of_a_connection_that_it_cannot_go_on_with_is_void() throws Exception {
        List<Consumer<Connection>> wishes = List.of(
                c -> c.produce(() -> {
                    c.send("not mine\r\n");
                    return true;
                }),
                c -> c.await(new CompletableFuture<>(), () -> {}),
                Connection::compress,
                c -> c.lineLimit(3),
                c -> c.timeout(Duration.ofNanos(1)),
                c -> c.receive(3, octets -> {}));
        try (TcpLine line = TcpLine.to(house.listen(Port.TlsMode.none))) {
            assertThat(line.read()).isEqualTo("hello v1");
            for (int ranking = 1; ranking <= wishes.size(); ranking++) {
                Echo better = new Echo("v2");
                better.resumeAsks = wishes.get(ranking - 1);
                better.resumeFails = IllegalStateException.class;
                house.add(better, ranking);
                line.send("still there\r\n");
                assertThat(line.read()).isEqualTo("v1: still there");
                // Of one that is late each conversation hears here.
                house.network.each(Client::tick);
            }
            line.send("to the end\r\n");
            assertThat(line.read()).isEqualTo("v1: to the end");
        }
    }

    @Test
    void a_protocol_that_comes_back_within_the_grace_goes_on() throws Exception {
        try (TcpLine line = TcpLine.to(house.listen(Port.TlsMode.none))) {
            assertThat(line.read()).isEqualTo("hello v1");
            house.remove(echo);
            assertThat(echo.events).containsExactly("closed v1");
            line.send("lines\r\n");
            house.speaks("v2");
            assertThat(line.read()).isEqualTo("1");
        }
    }

    @Test
    void a_new_client_waits_for_its_protocol() throws Exception {
        house.remove(echo);
        try (TcpLine line = TcpLine.to(house.listen(Port.TlsMode.none))) {
            line.send("a\r\n");
            house.speaks("v2");
            assertThat(line.read()).isEqualTo("hello v2");
            assertThat(line.read()).isEqualTo("v2: a");
        }
    }

    @Test
    void who_waits_for_a_protocol_on_trial_goes_on_when_it_has_passed() throws Exception {
        Probation.begin(4712);
        house.add(new Echo("v2"), 0, 4712);
        try (TcpLine line = TcpLine.to(house.listen(Port.TlsMode.none))) {
            assertThat(line.read()).isEqualTo("hello v1");
            house.remove(echo);
            line.send("lines\r\n");
            Probation.end(4712);
            assertThat(line.read()).isEqualTo("1");
        }
    }

    @Test
    void after_the_grace_the_old_goodbye_is_said() throws Exception {
        try (House brief = new House(folder, Duration.ofMillis(200))) {
            Echo gone = brief.speaks("v1");
            try (TcpLine line = TcpLine.to(brief.listen(Port.TlsMode.none))) {
                assertThat(line.read()).isEqualTo("hello v1");
                brief.remove(gone);
                assertThat(line.read()).isEqualTo("ending STOPPING v1");
                assertThat(line.read()).isNull();
            }
        }
    }

    @Test
    void at_the_end_everybody_is_told() throws Exception {
        try (TcpLine line = TcpLine.to(house.listen(Port.TlsMode.none))) {
            assertThat(line.read()).isEqualTo("hello v1");
            house.network.close();
            assertThat(line.read()).isEqualTo("ending STOPPING v1");
            assertThat(line.read()).isNull();
            assertThat(echo.events).containsExactly("closed v1");
        }
    }
}
