package org.posthorn.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.testkit.Script;
import org.posthorn.testkit.TcpLine;

class OpeningTest {

    @TempDir
    Path folder;

    private House house;

    @BeforeEach
    void open() {
        house = new House(folder);
        house.speaks("v1");
    }

    @AfterEach
    void close() {
        house.close();
    }

    private Opening opening(String address, int port) throws Exception {
        return opening("test", address, port);
    }

    private Opening opening(String name, String address, int port) throws Exception {
        Port settings =
                new Port(name, "echo", Port.TlsMode.none, () -> false, Duration.ofSeconds(30), new Crowd(0, () -> 0));
        return new Opening(
                house.network, house.clock, new InetSocketAddress(InetAddress.getByName(address), port), settings);
    }

    @Test
    void a_port_that_is_taken_is_told_of_and_taken_when_it_is_free() throws Exception {
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        Opening opening = opening("127.0.0.1", taken.getLocalPort());
        try (taken) {
            opening.open();
            assertThat(opening.state()).isEqualTo(Opening.State.BLOCKED);
            assertThat(opening.fault()).isEqualTo("port " + taken.getLocalPort() + " on 127.0.0.1 is taken");
        }
        CompletableFuture<Void> open = new CompletableFuture<>();
        house.clock.scheduleWithFixedDelay(
                () -> {
                    if (opening.state() == Opening.State.OPEN) open.complete(null);
                },
                0,
                20,
                TimeUnit.MILLISECONDS);
        open.get(20, TimeUnit.SECONDS);
        assertThat(opening.fault()).isEmpty();
        try (TcpLine line = TcpLine.to(opening.address().getPort())) {
            Script.of("S: hello v1\n").run(line);
        }
    }

    private static void greets(Opening opening) throws Exception {
        try (TcpLine line = TcpLine.to(opening.address().getPort())) {
            Script.of("S: hello v1\n").run(line);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0.0.0.0"})
    void a_port_that_another_listener_has_stays_its(String address) throws Exception {
        Opening first = opening("first", "127.0.0.1", 0);
        first.open();
        int port = first.address().getPort();
        Opening second = opening("second", address, port);
        second.open();
        assertThat(second.fault())
                .isEqualTo("port " + port + " on " + address + " is taken: org.posthorn.net.listener-first.cfg has it,"
                        + " and org.posthorn.net.listener-second.cfg wants it too");
        greets(first);
        second.close();
        greets(first);
        first.close();
        second.open();
        greets(second);
    }

    @Test
    void a_port_that_is_taken_on_several_addresses_is_one_line() throws Exception {
        try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                ServerSocket two = new ServerSocket(one.getLocalPort(), 1, InetAddress.getByName("127.0.0.2"))) {
            List<Opening> openings =
                    List.of(opening("127.0.0.1", one.getLocalPort()), opening("127.0.0.2", two.getLocalPort()));
            openings.forEach(Opening::open);
            assertThat(Opening.faults(openings))
                    .containsExactly("port " + one.getLocalPort() + " on 127.0.0.1 and 127.0.0.2 is taken");
            openings.forEach(Opening::close);
        }
    }

    @Test
    void an_address_that_the_machine_has_not_is_absent() throws Exception {
        Opening opening = opening("192.0.2.77", 0);
        opening.open();
        assertThat(opening.state()).isEqualTo(Opening.State.ABSENT);
        assertThat(opening.fault()).isEqualTo("this machine has no address 192.0.2.77");
    }

    @Test
    void a_closed_port_takes_nobody_and_leaves_those_who_are_there() throws Exception {
        Opening opening = opening("127.0.0.1", 0);
        opening.open();
        int port = opening.address().getPort();
        try (TcpLine line = TcpLine.to(port)) {
            Script.of("S: hello v1\n").run(line);
            opening.close();
            Script.of("C: still\nS: v1: still\n").run(line);
            assertThatThrownBy(() -> new Socket(InetAddress.getByName("127.0.0.1"), port))
                    .isInstanceOf(java.io.IOException.class);
        }
    }

    @Test
    void other_settings_count_for_those_who_come_then() throws Exception {
        Opening opening = opening("127.0.0.1", 0);
        opening.open();
        Crowd nobody = new Crowd(1, () -> 0);
        nobody.enter(InetAddress.getByName("192.0.2.1"));
        opening.change(new Port("test", "echo", Port.TlsMode.none, () -> false, Duration.ofSeconds(30), nobody));
        try (TcpLine line = TcpLine.to(opening.address().getPort())) {
            Script.of("S: ending CROWDED v1\nS!\n").run(line);
        }
    }

    @Test
    void clients_of_one_ipv6_network_are_one() throws Exception {
        Crowd crowd = new Crowd(0, () -> 1);
        assertThat(crowd.enter(InetAddress.getByName("2001:db8:1:2::1"))).isEmpty();
        assertThat(crowd.enter(InetAddress.getByName("2001:db8:1:2:ffff::2"))).isPresent();
        assertThat(crowd.enter(InetAddress.getByName("2001:db8:1:3::1"))).isEmpty();
        crowd.leave(InetAddress.getByName("2001:db8:1:2::1"));
        assertThat(crowd.enter(InetAddress.getByName("2001:db8:1:2:ffff::2"))).isEmpty();
    }

    @Test
    void addresses_are_addresses() {
        assertThat(SocketListener.address("*").isAnyLocalAddress()).isTrue();
        assertThat(SocketListener.address("::1").isLoopbackAddress()).isTrue();
        assertThatThrownBy(() -> SocketListener.address("localhost")).isInstanceOf(IllegalArgumentException.class);
        assertThat(Opening.text(new InetSocketAddress(SocketListener.address("::1"), 25)))
                .isEqualTo("[::1]:25");
    }
}
