package org.posthorn.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.http.WebRequest;
import org.posthorn.api.net.ServerKeys;

/** Against a server that waits for a head one second. */
@Timeout(60)
class HeadsTest {

    private static final String REQUEST = "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n";

    @TempDir
    Path folder;

    private Site site;

    @BeforeEach
    void start() throws Exception {
        site = new Site(folder);
        site.settings.put("idleTimeout", 1);
    }

    @AfterEach
    void close() {
        site.close();
    }

    /** Takes two and a half seconds to answer, with an octet now and then. */
    private static final class Slow extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            for (int i = 0; i < 25; i++) {
                response.getOutputStream().write('x');
                response.flushBuffer();
                LockSupport.parkNanos(100_000_000);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"G", "GET /", "GET / HTTP/1.1\r\nX: ", "GET / HTTP/1.1\r\n", "\r\n", REQUEST + "GET"})
    void a_head_that_drips_ends_the_connection(String begun) throws Exception {
        site.start(Site.noKeys());
        assertCutOff(site.port(), begun.getBytes(StandardCharsets.US_ASCII), begun.equals("\r\n") ? "\r\n" : "a");
    }

    @Test
    void so_does_a_handshake() throws Exception {
        int port = Site.free();
        site.settings.put("tlsPort", port);
        ServerKeys.Pair pair = Certificates.of("here", folder);
        site.start(() -> Optional.of(pair));
        // A record with a ClientHello of 16,000 octets, RFC 8446 5.1.
        assertCutOff(port, new byte[] {22, 3, 1, 62, (byte) 128, 1, 0, 62, 124, 3, 3}, "a");
    }

    private static void assertCutOff(int port, byte[] begun, String drop) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write(begun);
            Site.until(() -> !takes(socket, drop));
        }
    }

    private static boolean takes(Socket socket, String drop) {
        LockSupport.parkNanos(50_000_000);
        try {
            socket.getOutputStream().write(drop.getBytes(StandardCharsets.US_ASCII));
            return true;
        } catch (IOException cut) {
            assertThat(cut).isInstanceOf(SocketException.class);
            return false;
        }
    }

    @Test
    void an_answer_takes_its_time_and_so_does_the_next_request() throws Exception {
        site.start(Site.noKeys());
        site.front().addServlet(new Slow(), Map.of("name", "slow", WebRequest.PATTERNS, "/slow"));
        try (Socket socket = new Socket("127.0.0.1", site.port())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            for (int i = 0; i < 2; i++) {
                out.write(REQUEST.getBytes(StandardCharsets.US_ASCII));
                String answer = "";
                while (!answer.endsWith("\r\n0\r\n\r\n")) {
                    int next = socket.getInputStream().read();
                    assertThat(next).as(answer).isNotNegative();
                    answer += (char) next;
                }
                assertThat(answer).startsWith("HTTP/1.1 200");
                LockSupport.parkNanos(100_000_000);
            }
        }
    }
}
