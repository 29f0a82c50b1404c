package org.posthorn.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.http.WebRequest;
import org.posthorn.api.net.ServerKeys;
import org.posthorn.api.start.StartProblem;

@Timeout(60)
class WebServerTest {

    /** The JVM's own pool has one thread on a small machine, and these wait for each other. */
    private static final Executor THREADS = work -> new Thread(work).start();

    @TempDir
    Path folder;

    private Site site;

    @BeforeEach
    void make() throws Exception {
        site = new Site(folder);
    }

    @AfterEach
    void close() {
        site.close();
    }

    /** Says what it is asked and how it was come by. */
    private static final class Echo extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("text/plain");
            response.getWriter()
                    .print(request.getAttribute(WebRequest.BASE) + " " + request.getAttribute(WebRequest.PASSWORDS)
                            + " " + request.getInputStream().readAllBytes().length);
        }
    }

    private static Map<String, Object> named() {
        return Map.of("name", "echo", WebRequest.PATTERNS, "/echo/*");
    }

    @Test
    void a_servlet_of_the_whiteboard_answers() throws Exception {
        WebServer server = site.start(Site.noKeys());
        assertThat(server.problems()).isEmpty();
        assertThat(server.lines()).containsExactly("http 127.0.0.1:" + site.port());
        site.serve("/plain", new Echo());
        assertThat(site.get("/plain")).startsWith("HTTP/1.1 200").endsWith("null null 0");
        assertThat(site.get("/other")).startsWith("HTTP/1.1 404").endsWith("404 Not Found\n");
    }

    @Test
    void nothing_tells_a_version_or_what_was_asked() throws Exception {
        site.start(Site.noKeys());
        for (String text : new String[] {
            site.get("/<b>"),
            site.get("/none?<script>"),
            site.say("NONSENSE\r\n\r\n"),
            site.get("/%2e%2e/x"),
            site.get("/a%2fb")
        })
            assertThat(text)
                    .startsWith("HTTP/1.1 4")
                    .doesNotContainIgnoringCase("jetty")
                    .doesNotContain("<");
    }

    @Test
    void a_leased_servlet_is_told_how_it_was_come_by() throws Exception {
        site.start(Site.noKeys());
        site.front().addServlet(new Echo(), named());
        assertThat(site.get("/echo/x")).endsWith("http://localhost:" + site.port() + " true 0");
        String hostile = "GET /echo HTTP/1.1\r\nHost: evil\"><script>:1\r\nConnection: close\r\n\r\n";
        assertThat(site.say(hostile)).doesNotContain("script");
        String none = "GET /echo HTTP/1.0\r\n\r\n";
        assertThat(site.say(none)).endsWith("http://127.0.0.1:" + site.port() + " true 0");
    }

    @Test
    void the_public_url_and_clear_logins_are_what_the_settings_say_at_once() throws Exception {
        WebServer server = site.start(Site.noKeys());
        site.front().addServlet(new Echo(), named());
        site.settings.put("publicUrl", "https://mail.example.org/");
        site.settings.put("clearLogin", "no");
        server.modified(site.config());
        assertThat(site.get("/echo")).endsWith("https://mail.example.org false 0");
    }

    @Test
    void what_comes_in_clear_is_in_clear_whatever_its_first_line_says() throws Exception {
        site.settings.put("clearLogin", "no");
        site.start(Site.noKeys());
        site.front().addServlet(new Echo(), named());
        String host = "localhost:" + site.port();
        String text = "GET https://" + host + "/echo HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
        assertThat(site.say(text)).endsWith("http://" + host + " false 0");
    }

    @Test
    void a_new_version_takes_the_next_request_and_the_old_one_ends_its_own() throws Exception {
        site.start(Site.noKeys());
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        HttpServlet old = new HttpServlet() {
            private static final long serialVersionUID = 1;

            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
                // One that comes before it is taken out is answered at once.
                boolean first = entered.getCount() > 0;
                entered.countDown();
                try {
                    if (first) go.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                response.getWriter().print("old");
            }
        };
        site.front().addServlet(old, named());
        CompletableFuture<String> running = CompletableFuture.supplyAsync(() -> get("/echo"), THREADS);
        entered.await();
        site.front().addServlet(new Echo(), named());
        CompletableFuture<Void> removed =
                CompletableFuture.runAsync(() -> site.front().removeServlet(old), THREADS);
        Site.until(() -> get("/echo").endsWith(" true 0"));
        assertThat(removed).isNotDone();
        go.countDown();
        assertThat(running.get()).endsWith("old");
        removed.get();
    }

    private String get(String path) {
        try {
            return site.get(path);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void where_none_of_a_name_is_left_its_paths_say_so() throws Exception {
        site.start(Site.noKeys());
        Echo echo = new Echo();
        site.front().addServlet(echo, named());
        site.front().removeServlet(echo);
        assertThat(site.get("/echo")).startsWith("HTTP/1.1 503").contains("Retry-After: 2");
    }

    @Test
    void a_port_that_is_taken_is_told_and_opened_when_it_is_free() throws Exception {
        WebServer server;
        try (ServerSocket other = new ServerSocket(site.port(), 1, InetAddress.getByName("127.0.0.1"))) {
            server = site.start(Site.noKeys());
            assertThat(server.problems())
                    .containsExactly(new StartProblem(
                            StartProblem.Cause.PORT, "port " + other.getLocalPort() + " on 127.0.0.1 is taken"));
        }
        Site.until(() -> server.problems().isEmpty());
        assertThat(site.get("/")).startsWith("HTTP/1.1 404");
    }

    @Test
    void another_port_is_listened_on_when_the_settings_say_so() throws Exception {
        WebServer server = site.start(Site.noKeys());
        int before = site.port();
        site.settings.put("port", Site.free());
        server.modified(site.config());
        Site.until(() -> server.lines().contains("http 127.0.0.1:" + site.port()));
        assertThat(site.get("/")).startsWith("HTTP/1.1 404");
        try (ServerSocket free = new ServerSocket(before, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(free.isBound()).isTrue();
        }
    }

    @Test
    void headers_and_bodies_have_their_limits() throws Exception {
        site.settings.put("maxHeader", 1024);
        site.settings.put("maxRequest", 1);
        site.start(Site.noKeys());
        site.front().addServlet(new Echo(), named());
        assertThat(site.get("/" + "x".repeat(2000))).startsWith("HTTP/1.1 414");
        assertThat(site.say("GET / HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(2000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431");
        assertThat(site.say("POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1048577\r\n\r\n"))
                .startsWith("HTTP/1.1 413");
        assertThat(
                        site.say(
                                "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
    }

    @Test
    void a_client_has_only_so_many_connections() throws Exception {
        site.settings.put("maxPerClient", 1);
        site.start(Site.noKeys());
        try (Socket first = new Socket("127.0.0.1", site.port())) {
            first.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(first.getInputStream().readNBytes(12)).isNotEmpty();
            try (Socket second = new Socket("127.0.0.1", site.port())) {
                assertThat(Site.read(second.getInputStream())).isEmpty();
            }
        }
        Site.until(() -> get("/").startsWith("HTTP/1.1 404"));
    }

    @Test
    void a_connection_that_has_ended_or_was_refused_counts_no_longer() throws Exception {
        site.settings.put("maxPerClient", 1);
        site.start(Site.noKeys());
        for (int i = 0; i < 3; i++) Site.until(() -> getFrom("127.0.0.2").startsWith("HTTP/1.1 404"));
    }

    /** Nothing where the connection is cut off. */
    private String getFrom(String address) {
        try (Socket socket = new Socket("127.0.0.1", site.port(), InetAddress.getByName(address), 0)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return Site.read(socket.getInputStream());
        } catch (SocketException cut) {
            return "";
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_client_that_says_nothing_is_dropped() throws Exception {
        site.settings.put("idleTimeout", 1);
        site.start(Site.noKeys());
        // Comes to its end, where the client would wait for 20 seconds.
        assertThat(site.say("GET / HTT")).doesNotContain("200");
    }

    @Test
    void a_body_that_stops_or_drips_is_refused() throws Exception {
        site.settings.put("idleTimeout", 3);
        site.start(Site.noKeys());
        site.front().addServlet(new Echo(), named());
        String head = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\nx";
        assertThat(site.say(head)).startsWith("HTTP/1.1 408");
        try (Socket drips = new Socket("127.0.0.1", site.port())) {
            drips.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> read(drips));
            Site.until(() -> {
                drip(drips);
                return answer.isDone();
            });
            assertThat(answer.get()).startsWith("HTTP/1.1 408");
        }
    }

    private static String read(Socket socket) {
        try {
            return new String(socket.getInputStream().readNBytes(60), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Ten octets a second. */
    private static void drip(Socket socket) {
        LockSupport.parkNanos(100_000_000);
        try {
            socket.getOutputStream().write('x');
        } catch (IOException answered) {
            return;
        }
    }

    @Test
    void keys_that_break_are_told_of_and_tried_again() throws Exception {
        site.settings.put("tlsPort", Site.free());
        ServerKeys.Pair pair = Certificates.of("first", folder);
        AtomicBoolean damaged = new AtomicBoolean(true);
        WebServer server = site.start(() -> {
            if (damaged.get()) throw new IllegalStateException("the file is damaged");
            return Optional.of(pair);
        });
        site.front().addServlet(new Echo(), named());
        assertThat(server.problems()).singleElement().satisfies(problem -> assertThat(problem.line())
                .contains(site.settings.get("tlsPort").toString(), "the file is damaged"));
        damaged.set(false);
        Site.until(() -> server.problems().isEmpty());
        assertThat(overTls()).startsWith("CN=first HTTP/1.1 200");
    }

    @Test
    void tls_has_the_certificate_of_the_moment() throws Exception {
        site.settings.put("tlsPort", Site.free());
        site.settings.put("hsts", 2);
        AtomicReference<ServerKeys.Pair> now = new AtomicReference<>(Certificates.of("first", folder));
        WebServer server = site.start(() -> Optional.of(now.get()));
        site.front().addServlet(new Echo(), named());
        assertThat(server.lines()).contains("https 127.0.0.1:" + site.settings.get("tlsPort"));
        assertThat(overTls()).startsWith("CN=first HTTP/1.1 200").contains("Strict-Transport-Security: max-age=172800");
        assertThat(overTls()).endsWith("https://localhost true 0");
        now.set(Certificates.of("second", folder));
        assertThat(overTls()).startsWith("CN=second HTTP/1.1 200");
    }

    private String overTls() throws Exception {
        SSLContext client = SSLContext.getInstance("TLS");
        client.init(null, new TrustManager[] {new Site.Everybody()}, null);
        try (SSLSocket socket = (SSLSocket)
                client.getSocketFactory().createSocket("127.0.0.1", (Integer) site.settings.get("tlsPort"))) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write("GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSubjectX500Principal() + " "
                    + Site.read(socket.getInputStream());
        }
    }

    @Test
    void no_thread_is_left_behind() throws Exception {
        site.start(Site.noKeys());
        site.front().addServlet(new Echo(), named());
        assertThat(site.get("/echo")).startsWith("HTTP/1.1 200");
        site.close();
        Site.until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(t -> t.getName().startsWith("http-") || t.getName().equals("http")));
    }
}
