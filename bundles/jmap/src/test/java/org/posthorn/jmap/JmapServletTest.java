package org.posthorn.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** RFC 8620 over HTTP. */
@Timeout(60)
class JmapServletTest {

    private static final String ECHO =
            "{\"using\":[\"urn:ietf:params:jmap:core\"],\"methodCalls\":[[\"Core/echo\",{\"a\":1},\"c\"]]}";

    @TempDir
    Path data;

    private WebServer server;

    @BeforeEach
    void start() throws Exception {
        server = new WebServer(data);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        return Json.read(response.body().getBytes(StandardCharsets.UTF_8), 10_000);
    }

    private static void refused(HttpResponse<String> response, int status, String type) throws Exception {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(json(response).get("type").textValue()).isEqualTo(type);
        assertThat(json(response).get("status").intValue()).isEqualTo(status);
    }

    @Test
    void the_session_tells_where_all_else_is() throws Exception {
        HttpResponse<String> response = server.send(server.as("demo:secret", "/.well-known/jmap"));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-cache, no-store, must-revalidate");
        JsonNode session = json(response);
        assertThat(session.get("username").textValue()).isEqualTo("demo@example.org");
        assertThat(session.get("apiUrl").textValue()).isEqualTo("https://mail.example.org/jmap/api");
        assertThat(session.get("uploadUrl").textValue())
                .startsWith("https://mail.example.org/")
                .contains("{accountId}");
        assertThat(session.get("downloadUrl").textValue()).contains("{accountId}", "{blobId}", "{type}", "{name}");
        assertThat(session.get("eventSourceUrl").textValue()).contains("{types}", "{closeafter}", "{ping}");
        assertThat(session.at("/capabilities/urn:ietf:params:jmap:core/maxCallsInRequest")
                        .intValue())
                .isEqualTo(8);
        assertThat(session.at("/accounts/" + Talk.ACCOUNT + "/isPersonal").booleanValue())
                .isTrue();
        // RFC 8620 2: the core SHOULD NOT be among them.
        assertThat(session.get("primaryAccounts").has("urn:ietf:params:jmap:core"))
                .isFalse();
        assertThat(session.at("/primaryAccounts").size()).isEqualTo(1);
        JsonNode socket = session.at("/capabilities/urn:ietf:params:jmap:websocket");
        assertThat(socket.toString()).isEqualTo("{\"supportsPush\":true,\"url\":\"wss://mail.example.org/jmap/ws\"}");
    }

    @Test
    void a_call_is_answered_with_the_sessions_state() throws Exception {
        HttpResponse<String> response = server.send(server.post("/jmap/api", "application/json; charset=utf-8", ECHO));
        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode session = json(server.send(server.as("demo:secret", "/.well-known/jmap")));
        assertThat(json(response).at("/methodResponses/0/1/a").intValue()).isEqualTo(1);
        assertThat(json(response).get("sessionState")).isEqualTo(session.get("state"));
    }

    @Test
    void who_does_not_log_in_is_asked_to() throws Exception {
        HttpResponse<String> response = server.send(server.plain("/.well-known/jmap"));
        refused(response, 401, "about:blank");
        assertThat(response.headers().firstValue("WWW-Authenticate"))
                .hasValue("Basic realm=\"Posthorn\", charset=\"UTF-8\"");
    }

    @Test
    void a_wrong_password_is_denied_when_its_pause_is_over() throws Exception {
        long begin = System.nanoTime();
        refused(server.send(server.as("demo:wrong", "/.well-known/jmap")), 401, "about:blank");
        assertThat(System.nanoTime() - begin).isGreaterThan(50_000_000);
        refused(server.send(server.as("guessed:secret", "/.well-known/jmap")), 429, "about:blank");
        refused(server.send(server.as("away:secret", "/.well-known/jmap")), 503, "about:blank");
    }

    @Test
    @Timeout(10)
    void no_refusal_outlives_the_servlet() throws Exception {
        CompletableFuture<HttpResponse<String>> refusal = server.later(server.as("pondered:x", "/.well-known/jmap"));
        while (!refusal.isDone()) {
            server.servlet.stop();
            LockSupport.parkNanos(1_000_000);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
        refused(refusal.get(), 401, "about:blank");
    }

    @Test
    void no_password_is_looked_at_where_it_may_not_come() throws Exception {
        server.passwords = false;
        HttpResponse<String> response = server.send(server.as("demo:secret", "/.well-known/jmap"));
        refused(response, 403, "about:blank");
        assertThat(response.headers().firstValue("WWW-Authenticate")).isEmpty();
    }

    @Test
    void what_is_no_request_is_refused_in_the_words_of_the_rfc() throws Exception {
        String core = "urn:ietf:params:jmap:error:";
        refused(server.send(server.post("/jmap/api", "application/json", "{")), 400, core + "notJSON");
        refused(server.send(server.post("/jmap/api", "application/json", "")), 400, core + "notJSON");
        refused(server.send(server.post("/jmap/api", "text/plain", ECHO)), 400, core + "notJSON");
        refused(server.send(server.post("/jmap/api", "application/json", "[]")), 400, core + "notRequest");
        refused(
                server.send(server.post("/jmap/api", "application/json", "{\"using\":[\"x\"],\"methodCalls\":[]}")),
                400,
                core + "unknownCapability");
        HttpResponse<String> large = server.send(server.post("/jmap/api", "application/json", " ".repeat(100_001)));
        refused(large, 400, core + "limit");
        assertThat(json(large).get("limit").textValue()).isEqualTo("maxSizeRequest");
        HttpRequest.Builder unknownLength = server.as("demo:secret", "/jmap/api")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> InputStream.nullInputStream()));
        refused(server.send(unknownLength), 400, core + "notJSON");
    }

    @Test
    void paths_methods_and_pages_of_others_are_refused() throws Exception {
        refused(server.send(server.as("demo:secret", "/jmap/apix")), 404, "about:blank");
        refused(server.send(server.as("demo:secret", "/jmap/download/" + Talk.ACCOUNT + "/../x")), 404, "about:blank");
        HttpResponse<String> wrong = server.send(server.as("demo:secret", "/jmap/api"));
        refused(wrong, 405, "about:blank");
        assertThat(wrong.headers().firstValue("Allow")).hasValue("POST");
        refused(
                server.send(server.post("/jmap/api", "application/json", ECHO).header("Sec-Fetch-Site", "cross-site")),
                403,
                "about:blank");
    }

    @Test
    void a_page_of_another_origin_is_refused_also_where_the_browser_says_no_more() throws Exception {
        for (String origin : new String[] {"http://127.0.0.1", "https://evil.example", "null"})
            refused(
                    server.send(
                            server.post("/jmap/api", "application/json", ECHO).header("Origin", origin)),
                    403,
                    "about:blank");
        for (String origin : new String[] {"http://127.0.0.1:" + server.port(), "https://mail.example.org"})
            assertThat(server.send(server.post("/jmap/api", "application/json", ECHO)
                                    .header("Origin", origin))
                            .statusCode())
                    .isEqualTo(200);
    }

    @Test
    void a_page_of_another_site_embeds_nothing_but_may_link_here() throws Exception {
        for (String site : new String[] {"same-site", "cross-site"}) {
            String events = "/jmap/eventsource?types=*&closeafter=no&ping=0";
            refused(server.send(server.as("demo:secret", events).header("Sec-Fetch-Site", site)), 403, "about:blank");
            HttpRequest.Builder link = server.as("demo:secret", "/.well-known/jmap")
                    .header("Sec-Fetch-Site", site)
                    .header("Sec-Fetch-Mode", "navigate");
            assertThat(server.send(link).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_head_is_answered_as_a_get_without_the_content() throws Exception {
        for (String path : new String[] {"/.well-known/jmap", "/jmap/eventsource?types=*&closeafter=no&ping=0"}) {
            HttpResponse<String> response =
                    server.send(server.as("demo:secret", path).method("HEAD", HttpRequest.BodyPublishers.noBody()));
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEmpty();
        }
        assertThat(server.watching).isEmpty();
    }

    @Test
    void an_upload_is_downloaded_as_it_was() throws Exception {
        HttpResponse<String> up = server.send(
                server.post("/jmap/upload/" + Talk.ACCOUNT + "/", "Text/HTML; charset=x", "<script>alert(1)</script>"));
        assertThat(up.statusCode()).isEqualTo(201);
        assertThat(json(up).get("type").textValue()).isEqualTo("text/html");
        assertThat(json(up).get("size").intValue()).isEqualTo(25);
        String blob = json(up).get("blobId").textValue();
        HttpResponse<String> down = server.send(server.as(
                "demo:secret", "/jmap/download/" + Talk.ACCOUNT + "/" + blob + "?name=a%0D%0Ab.html&type=text/html"));
        assertThat(down.body()).isEqualTo("<script>alert(1)</script>");
        assertThat(down.headers().firstValue("Content-Disposition"))
                .hasValue("attachment; filename*=UTF-8''a%0D%0Ab.html");
        assertThat(down.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(down.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("sandbox");
        refused(
                server.send(server.as("demo:secret", "/jmap/download/" + Talk.ACCOUNT + "/Unone?name=x&type=y")),
                404,
                "about:blank");
        refused(server.send(server.as("demo:secret", "/jmap/download/Aother/" + blob)), 404, "about:blank");
    }

    @Test
    void uploads_that_are_too_long_or_for_others_are_refused() throws Exception {
        HttpResponse<String> large =
                server.send(server.post("/jmap/upload/" + Talk.ACCOUNT + "/", "text/plain", "x".repeat(1001)));
        refused(large, 413, "urn:ietf:params:jmap:error:limit");
        assertThat(json(large).get("limit").textValue()).isEqualTo("maxSizeUpload");
        refused(server.send(server.post("/jmap/upload/Aother/", "text/plain", "x")), 404, "about:blank");
    }

    @Test
    void of_an_account_only_so_many_downloads_run() throws Exception {
        PipedOutputStream end = new PipedOutputStream();
        server.things.slow = new PipedInputStream(end);
        HttpRequest.Builder slow =
                server.as("demo:secret", "/jmap/download/" + Talk.ACCOUNT + "/Tslow?name=x&type=text/plain");
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i <= Limits.DOWNLOADS; i++) all.add(server.later(slow));
        HttpResponse<?> first = (HttpResponse<?>)
                CompletableFuture.anyOf(all.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
        assertThat(first.statusCode()).isEqualTo(429);
        end.close();
        for (CompletableFuture<HttpResponse<String>> one : all) one.get(20, TimeUnit.SECONDS);
    }

    @Test
    void who_still_sends_when_he_is_refused_hears_why() throws Exception {
        byte[] body = new byte[10_000_000];
        String head = "POST /jmap/upload/" + Talk.ACCOUNT + "/ HTTP/1.1\r\nHost: x\r\n"
                + "Authorization: Basic ZGVtbzpzZWNyZXQ=\r\nConnection: close\r\nContent-Length: " + body.length
                + "\r\n\r\n";
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            socket.getOutputStream().write(body);
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("TTP/1.1 413")
                    .contains("maxSizeUpload");
        }
    }

    @Test
    void of_an_account_only_so_many_requests_are_carried_out() throws Exception {
        String head = "POST /jmap/api HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ZGVtbzpzZWNyZXQ=\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + ECHO.length()
                + "\r\nExpect: 100-continue\r\n\r\n";
        try (Socket one = new Socket("127.0.0.1", server.port());
                Socket two = new Socket("127.0.0.1", server.port())) {
            for (Socket socket : new Socket[] {one, two}) {
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                // It is asked to go on when the servlet reads.
                assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                        .isEqualTo("HTTP/1.1 100");
            }
            HttpResponse<String> third = server.send(server.post("/jmap/api", "application/json", ECHO));
            refused(third, 400, "urn:ietf:params:jmap:error:limit");
            assertThat(json(third).get("limit").textValue()).isEqualTo("maxConcurrentRequests");
            one.getOutputStream().write(ECHO.getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(one.getInputStream().readNBytes(60), StandardCharsets.US_ASCII))
                    .contains("HTTP/1.1 200");
        }
    }

    private HttpResponse<Stream<String>> events(String query) throws Exception {
        return server.stream(server.as("demo:secret", "/jmap/eventsource?" + query));
    }

    /** The lines of the next event that is no comment and no ping. */
    private static String event(Iterator<String> lines) {
        StringBuilder event = new StringBuilder();
        while (lines.hasNext()) {
            String line = lines.next();
            if (line.isEmpty() && event.length() > 0) return event.toString();
            if (!line.isEmpty() && !line.startsWith(":")) event.append(line).append('|');
        }
        return event + "end";
    }

    private static void greeted(Iterator<String> lines) {
        assertThat(lines.next()).isEqualTo(": hello");
        assertThat(lines.next()).isEmpty();
    }

    @Test
    void changes_are_pushed_also_when_nothing_happens_for_long() throws Exception {
        server.idle(Duration.ofSeconds(1));
        HttpResponse<Stream<String>> response = events("types=*&closeafter=no&ping=0");
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        Iterator<String> lines = response.body().iterator();
        greeted(lines);
        // Twice the time after which the server drops who says nothing.
        java.util.concurrent.CompletableFuture.delayedExecutor(2, java.util.concurrent.TimeUnit.SECONDS)
                .execute(server::changed);
        assertThat(event(lines))
                .matches("event: state\\|id: [0-9a-f]{16}\\|data: \\{\"@type\":\"StateChange\",\"changed\":\\{\""
                        + Talk.ACCOUNT + "\":\\{\"Thing\":\"2\"}}}\\|");
        server.changed();
        assertThat(event(lines)).contains("\"Thing\":\"3\"");
        server.servlet.stop();
        assertThat(event(lines)).isEqualTo("end");
        assertThat(server.watching).isEmpty();
    }

    @Test
    void a_stream_ends_behind_the_first_news_when_asked_to() throws Exception {
        Iterator<String> lines =
                events("types=Thing&closeafter=state&ping=300").body().iterator();
        greeted(lines);
        server.changed();
        assertThat(event(lines)).contains("\"Thing\":\"2\"");
        assertThat(event(lines)).isEqualTo("end");
    }

    @Test
    void who_comes_back_is_told_what_he_missed() throws Exception {
        HttpRequest.Builder again = server.as("demo:secret", "/jmap/eventsource?types=*&closeafter=state&ping=0")
                .header("Last-Event-ID", "0123456789abcdef");
        assertThat(event(server.stream(again).body().iterator())).contains("\"Thing\":\"1\"");
    }

    @Test
    void what_is_no_subscription_is_refused() throws Exception {
        for (String query : new String[] {
            "", "types=*&closeafter=no", "types=*&closeafter=maybe&ping=0", "types=*&closeafter=no&ping=-1"
        }) refused(server.send(server.as("demo:secret", "/jmap/eventsource?" + query)), 400, "about:blank");
    }
}
