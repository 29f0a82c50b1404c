package org.posthorn.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TlsTest {

    private static final int CLIENTS = 20;
    private static final int TALKS_OF_EACH = 22;
    private static final int BIG = NetworkTest.MORE_THAN_SOCKETS_HOLD;
    private static final int MIDDLING = 600_000;
    private static final String DATA = ("x".repeat(70) + "\r\n").repeat(600);

    @TempDir
    Path folder;

    private House house;
    private Echo echo;
    private byte[] big;

    @BeforeEach
    void open() throws IOException {
        house = new House(folder);
        echo = house.speaks("v1");
        try (InputStream in = Echo.big(BIG).open()) {
            big = in.readAllBytes();
        }
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void many_clients_at_once_hear_what_they_asked_for() throws Exception {
        int starttls = house.listen(Port.TlsMode.starttls);
        int implicit = house.listen(Port.TlsMode.implicit);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        List<Future<Void>> talks = new ArrayList<>();
        for (int i = 0; i < CLIENTS * TALKS_OF_EACH; i++) talks.add(clients.submit(talk(i, starttls, implicit)));
        for (Future<Void> talk : talks) talk.get(2, TimeUnit.MINUTES);
        clients.shutdown();
        for (int i = 0; i < talks.size(); i++) assertThat(closed()).isEqualTo("closed v1");
        assertNobodyIsLeft();
    }

    /** The last one may still be on the way out. */
    private void assertNobodyIsLeft() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (house.everybody.all() > 0 && System.nanoTime() < end) Thread.yield();
        assertThat(house.everybody.all()).isZero();
    }

    private String closed() throws InterruptedException {
        String event = echo.events.poll(10, TimeUnit.SECONDS);
        return String.valueOf(event).startsWith("secured") ? closed() : event;
    }

    /** Every kind of talk with each version and each way into TLS. */
    private Callable<Void> talk(int number, int starttls, int implicit) {
        Port.TlsMode mode = number % 2 == 0 ? Port.TlsMode.starttls : Port.TlsMode.implicit;
        String version = number / 2 % 2 == 0 ? "TLSv1.3" : "TLSv1.2";
        return () -> {
            int port = mode == Port.TlsMode.starttls ? starttls : implicit;
            try (TlsClient client = new TlsClient(port, mode, version)) {
                client.shake();
                String hello = mode == Port.TlsMode.implicit ? "hello v1\r\n" : "";
                // The cheap ones twice.
                int kind = number / 4 % 11;
                talk(kind < 7 ? kind : kind - 7, client, hello);
            } catch (IOException e) {
                throw new IOException("talk " + number + ", " + mode + ", " + version, e);
            }
            return null;
        };
    }

    private void talk(int kind, TlsClient client, String hello) throws IOException {
        switch (kind) {
            case 0 ->
                client.send("a\r\nb\r\nquit\r\n")
                        .expect(hello + "v1: a\r\nv1: b\r\nbye\r\n")
                        .expectEnd();
            case 1 -> {
                client.send("big " + MIDDLING + "\r\nquit\r\n").expect(hello + "begin\r\n");
                client.expect(big, MIDDLING, 1500).expect("end\r\nbye\r\n").expectEnd();
            }
            case 2 -> {
                client.send("quit\r\n");
                client.tls.shutdownOutput();
                client.expect(hello + "bye\r\n").expectEnd();
            }
            case 3 -> {
                client.send("data 1000000\r\n").send(DATA).send(".\r\na\r\nquit\r\n");
                client.expect(hello + "got " + DATA.length() + " false false much\r\nv1: a\r\nbye\r\n")
                        .expectEnd();
            }
            case 4 -> {
                client.send("produce 3000\r\n").expect(hello);
                for (int i = 3000; i > 0; i--) client.expect("piece " + i + "\r\n");
                for (int i = 0; i < 20; i++) client.send("x" + i + "\r\n").expect("v1: x" + i + "\r\n");
                client.send("quit\r\n").expect("bye\r\n").expectEnd();
            }
            case 5 -> client.send("big " + BIG + "\r\n").expect(hello + "begin\r\n");
            default -> {
                client.send("big " + BIG + "\r\nquit\r\n").expect(hello + "begin\r\n");
                client.expect(big, BIG, 20_000).expect("end\r\nbye\r\n").expectEnd();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"starttls", "implicit"})
    void commands_in_one_packet_with_the_end_of_the_handshake_are_answered(Port.TlsMode mode) throws Exception {
        try (TlsClient client = new TlsClient(house.listen(mode), mode, "TLSv1.3")) {
            client.raw.cork();
            client.shake().send("a\r\nlines\r\n");
            client.raw.uncork();
            client.expect(mode == Port.TlsMode.starttls ? "v1: a\r\n3\r\n" : "hello v1\r\nv1: a\r\n2\r\n");
        }
    }

    @Test
    void records_that_come_octet_by_octet_are_put_together() throws Exception {
        int port = house.listen(Port.TlsMode.implicit);
        try (TlsClient client = new TlsClient(port, Port.TlsMode.implicit, "TLSv1.3")) {
            client.shake().expect("hello v1\r\n");
            for (char c : "some words\r\n".toCharArray()) client.send(String.valueOf(c));
            client.expect("v1: some words\r\n");
        }
    }

    @Test
    void keys_may_change_in_the_middle_of_a_talk() throws Exception {
        int port = house.listen(Port.TlsMode.implicit);
        try (TlsClient client = new TlsClient(port, Port.TlsMode.implicit, "TLSv1.3")) {
            client.shake().expect("hello v1\r\n");
            for (int i = 0; i < 50; i++) client.shake().send("x" + i + "\r\n").expect("v1: x" + i + "\r\n");
        }
    }

    @Test
    void a_client_that_wants_to_shake_hands_again_is_cut_off() throws Exception {
        int port = house.listen(Port.TlsMode.implicit);
        try (TlsClient client = new TlsClient(port, Port.TlsMode.implicit, "TLSv1.2")) {
            client.shake().expect("hello v1\r\n");
            assertThatThrownBy(() -> client.shake().send("a\r\n").expect("v1: a\r\n"))
                    .isInstanceOf(IOException.class);
        }
        assertThat(closed()).isEqualTo("closed v1");
    }

    @Test
    void a_client_that_leaves_in_the_handshake_leaves_nothing() throws Exception {
        int port = house.listen(Port.TlsMode.starttls);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            // The beginning of a ClientHello.
            socket.getOutputStream().write("tls\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readNBytes(17)).asString().isEqualTo("hello v1\r\nbegin\r\n");
            socket.getOutputStream().write(new byte[] {22, 3, 1, 0, 100, 1, 0});
        }
        assertThat(closed()).isEqualTo("closed v1");
    }

    @Test
    void a_client_with_nothing_but_old_tls_hears_why_not() throws Exception {
        int port = house.listen(Port.TlsMode.implicit);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            // ClientHello of TLS 1.1: version, random, no session, one suite (RSA with AES-128), no compression.
            String hello = "160301002d" + "01000029" + "0302" + "00".repeat(32) + "00" + "0002002f" + "0100";
            socket.getOutputStream().write(HexFormat.of().parseHex(hello));
            socket.setSoTimeout(10_000);
            byte[] alert = socket.getInputStream().readAllBytes();
            // RFC 5246 7.2.2: a fatal alert, protocol_version.
            assertThat(alert).hasSize(7).startsWith(21, 3).endsWith(2, 70);
        }
    }

    @ParameterizedTest
    @CsvSource({"none, ''", "implicit, TLSv1.3", "implicit, TLSv1.2"})
    void who_talks_on_behind_the_last_command_still_hears_the_answers(Port.TlsMode mode, String version)
            throws Exception {
        int port = house.listen(mode);
        String talk = "big " + BIG + "\r\nquit\r\n" + "much more\r\n".repeat(30_000);
        String wanted = "hello v1\r\nbegin\r\n" + new String(big, StandardCharsets.US_ASCII) + "end\r\nbye\r\n";
        if (mode == Port.TlsMode.none) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(talk.getBytes(StandardCharsets.US_ASCII));
                assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo(wanted);
            }
        } else {
            try (TlsClient client = new TlsClient(port, mode, version)) {
                client.shake().send(talk).expect(wanted).expectEnd();
            }
        }
    }
}
