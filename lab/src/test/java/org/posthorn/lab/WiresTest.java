package org.posthorn.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class WiresTest {

    private final Journey journey = new Journey(Clock.systemUTC());
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<Hop> paced = new CopyOnWriteArrayList<>();

    WiresTest() {
        journey.watch(one -> {
            if (one instanceof Happening.Said said) told.add(said.from() + ": " + said.text());
            if (one instanceof Happening.Passed passed) told.add(passed.hop() + " done: " + passed.note());
        });
    }

    @Test
    void what_two_servers_say_goes_on_unchanged_and_is_told_in_order() throws Exception {
        try (ServerSocket far = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SmtpWire wire = new SmtpWire((InetSocketAddress) far.getLocalSocketAddress(), journey, paced::add)) {
            Thread server = Background.run("far", () -> answer(far));
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), wire.port())) {
                BufferedReader in = reader(client);
                OutputStream out = client.getOutputStream();
                assertThat(in.readLine()).isEqualTo("220 far");
                write(out, "DATA\r\n");
                assertThat(in.readLine()).isEqualTo("354 go on");
                write(out, "Subject: \u001b[2J\r\n\r\n..dot\r\n.\r\n");
                assertThat(in.readLine()).isEqualTo("250 taken");
            }
            server.join();
        }
        assertThat(paced).containsExactly(Hop.MX);
        assertThat(told)
                .containsSubsequence(
                        "S: 220 far",
                        "C: DATA",
                        "S: 354 go on",
                        "C: Subject: ?[2J",
                        "C: ..dot",
                        "C: .",
                        "S: 250 taken",
                        "MX done: 250 taken");
    }

    private static void answer(ServerSocket far) throws java.io.IOException {
        try (Socket here = far.accept()) {
            BufferedReader in = reader(here);
            OutputStream out = here.getOutputStream();
            write(out, "220 far\r\n");
            in.readLine();
            write(out, "354 go on\r\n");
            String line = in.readLine();
            while (line != null && !line.equals(".")) line = in.readLine();
            write(out, "250 taken\r\n");
            while (in.readLine() != null) Thread.onSpinWait();
        }
    }

    private static BufferedReader reader(Socket socket) throws java.io.IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static void write(OutputStream out, String text) throws java.io.IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_question_is_handed_on_and_told_once_the_mail_is_on_its_way() throws Exception {
        byte[] question = java.util.HexFormat.of()
                .parseHex("123401000001000000000000" + "0374776f0474657374" + "00" + "000f0001");
        try (DatagramSocket names = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DatagramSocket client = new DatagramSocket();
                DnsWire wire = new DnsWire((InetSocketAddress) names.getLocalSocketAddress(), journey, paced::add)) {
            Background.run("names", () -> echo(names));
            assertThat(ask(client, wire.port(), question)).isEqualTo(question);
            assertThat(told).isEmpty();
            journey.reach(Hop.MTA);
            ask(client, wire.port(), question);
            ask(client, wire.port(), question);
        }
        assertThat(told).containsExactly("C: two.test. MX?", "S: there is none");
        assertThat(paced).containsExactly(Hop.MTA, Hop.DNS);
    }

    private static void echo(DatagramSocket names) throws java.io.IOException {
        while (true) {
            DatagramPacket packet = new DatagramPacket(new byte[500], 500);
            names.receive(packet);
            names.send(packet);
        }
    }

    private static byte[] ask(DatagramSocket client, int port, byte[] question) throws java.io.IOException {
        client.setSoTimeout(10_000);
        client.send(new DatagramPacket(question, question.length, InetAddress.getLoopbackAddress(), port));
        DatagramPacket answer = new DatagramPacket(new byte[500], 500);
        client.receive(answer);
        return java.util.Arrays.copyOf(answer.getData(), answer.getLength());
    }
}
