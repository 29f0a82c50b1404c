package org.posthorn.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ControlTest {
    @TempDir
    Path data;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Site site;

    @BeforeEach
    void lay() throws IOException {
        site = new Site(data, data, data, 0);
        Files.createDirectory(site.run());
    }

    @Test
    void a_command_goes_there_and_its_output_and_code_come_back() throws Exception {
        CompletableFuture<String> request = answer("O 3\none" + "E 2\noh" + "O 3\ntwo" + "X 64\n");
        assertThat(exec("user:list é", "input")).isEqualTo(64);
        assertThat(out).hasToString("onetwo");
        assertThat(err).hasToString("oh");
        assertThat(request.get()).isEqualTo("EXEC 1\njson: true\nlength: 12\n\nuser:list éinput");
    }

    @Test
    void an_answer_that_breaks_off_is_an_error() throws Exception {
        answer("O 3\none");
        assertThatThrownBy(() -> exec("x", "")).hasMessageContaining("broke off");
    }

    @Test
    void an_answer_of_something_else_is_an_error() throws Exception {
        answer("HTTP/1.1 400 Bad Request\r\n");
        assertThatThrownBy(() -> exec("x", "")).isInstanceOf(IOException.class);
    }

    @Test
    void a_frame_beyond_measure_is_refused_before_it_is_read() throws Exception {
        answer("O 999999999\n");
        assertThatThrownBy(() -> exec("x", "")).hasMessageContaining("not understood");
    }

    @Test
    void no_server_is_no_connection() throws Exception {
        assertThat(new Control(site.control()).connect()).isEmpty();
    }

    @Test
    void a_socket_that_was_left_over_is_no_connection() throws Exception {
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(site.run().resolve("control.sock")))
                .close();
        assertThat(new Control(site.control()).connect()).isEmpty();
    }

    @Test
    void with_a_port_the_token_goes_first() throws Exception {
        Site deep = new Site(data, data.resolve("d".repeat(100)), data, 0);
        Files.createDirectories(deep.run());
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
            Files.writeString(deep.run().resolve("control.port"), port + "\nc0ffee\n");
            try (SocketChannel client = new Control(deep.control()).connect().orElseThrow()) {
                client.shutdownOutput();
                assertThat(read(server.accept())).isEqualTo("TOKEN c0ffee\n");
            }
        }
    }

    private int exec(String command, String input) throws IOException {
        try (SocketChannel channel = new Control(site.control()).connect().orElseThrow()) {
            return Control.exec(
                    channel,
                    command,
                    Map.of("json", "true"),
                    new Control.Streams(
                            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                            new PrintStream(out),
                            new PrintStream(err)));
        }
    }

    /** A server that reads one request to its end and says this. */
    private CompletableFuture<String> answer(String answer) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(site.run().resolve("control.sock")));
        return CompletableFuture.supplyAsync(() -> {
            try (server;
                    SocketChannel channel = server.accept()) {
                String request = read(channel);
                channel.write(StandardCharsets.UTF_8.encode(answer));
                return request;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    private static String read(SocketChannel channel) throws IOException {
        return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
    }
}
