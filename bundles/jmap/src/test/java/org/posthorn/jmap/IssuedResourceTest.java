package org.posthorn.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions and app passwords over HTTP. */
@Timeout(60)
class IssuedResourceTest {

    private static final String PASSWORD = "demo:secret";
    private static final String NAME = "{\"name\":\"held\"}";
    private static final String BASIC = "Basic ZGVtbzpzZWNyZXQ=";

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

    private HttpResponse<String> post(String credentials, String path, String body) throws Exception {
        return server.send(as(credentials, path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> get(String credentials, String path) throws Exception {
        return server.send(as(credentials, path));
    }

    private HttpResponse<String> delete(String credentials, String path) throws Exception {
        return server.send(as(credentials, path).DELETE());
    }

    /** A name and a password, or a token. */
    private HttpRequest.Builder as(String credentials, String path) {
        return credentials.contains(":")
                ? server.as(credentials, path)
                : server.plain(path).header("Authorization", "Bearer " + credentials);
    }

    private static JsonNode json(HttpResponse<String> response, int status) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Cache-Control").get()).contains("no-store");
        return Json.read(response.body().getBytes(StandardCharsets.UTF_8), 1000);
    }

    private String token() throws Exception {
        return json(post(PASSWORD, "/auth/tokens", "{\"name\":\"Firefox\"}"), 201)
                .get("token")
                .textValue();
    }

    private String appPassword() throws Exception {
        return json(post(PASSWORD, "/auth/app-passwords", "{\"name\":\"Phone\"}"), 201)
                .get("password")
                .textValue();
    }

    @Test
    void a_token_is_made_with_the_password_and_opens_what_the_password_does() throws Exception {
        JsonNode made = json(post(PASSWORD, "/auth/tokens", "{\"name\":\"Firefox on Linux\"}"), 201);
        assertThat(made.toString())
                .isEqualTo("{\"id\":\"c1\",\"token\":\"token-1\",\"name\":\"Firefox on Linux\","
                        + "\"created\":\"2026-11-29T10:00:30Z\",\"expires\":\"2026-12-13T10:00:30Z\"}");
        for (String path : List.of("/.well-known/jmap", "/jmap/download/" + Talk.ACCOUNT + "/none?name=a&type=b/c"))
            assertThat(get("token-1", path).statusCode())
                    .isEqualTo(get(PASSWORD, path).statusCode());
        JsonNode called = json(
                post("token-1", "/jmap/api", "{\"using\":[\"urn:ietf:params:jmap:core\"],\"methodCalls\":[]}"), 200);
        assertThat(called.get("sessionState").textValue()).isNotEmpty();
    }

    @Test
    void a_client_sees_its_sessions_and_logs_out_of_one() throws Exception {
        String mine = token();
        String other = token();
        assertThat(json(get(mine, "/auth/tokens"), 200).toString())
                .isEqualTo(
                        "{\"tokens\":[{\"id\":\"c1\",\"name\":\"Firefox\",\"created\":\"2026-11-29T10:00:30Z\","
                                + "\"lastUsed\":\"2026-11-29T10:00:30Z\",\"expires\":\"2026-12-13T10:00:30Z\",\"current\":true},"
                                + "{\"id\":\"c2\",\"name\":\"Firefox\",\"created\":\"2026-11-29T10:00:30Z\","
                                + "\"lastUsed\":\"2026-11-29T10:00:30Z\",\"expires\":\"2026-12-13T10:00:30Z\",\"current\":false}]}");
        assertThat(json(get(PASSWORD, "/auth/tokens"), 200)
                        .at("/tokens/0/current")
                        .booleanValue())
                .isFalse();
        HttpResponse<String> out = delete(mine, "/auth/tokens/c1");
        assertThat(out.statusCode()).isEqualTo(204);
        assertThat(out.headers().firstValue("Cache-Control").get()).contains("no-store");
        assertThat(get(mine, "/.well-known/jmap").statusCode()).isEqualTo(401);
        assertThat(get(other, "/.well-known/jmap").statusCode()).isEqualTo(200);
        assertThat(delete(other, "/auth/tokens/c1").statusCode()).isEqualTo(404);
        assertThat(delete(other, "/auth/tokens/").statusCode()).isEqualTo(404);
    }

    @Test
    void app_passwords_are_made_with_a_token_or_the_password() throws Exception {
        String token = token();
        assertThat(json(post(token, "/auth/app-passwords", "{\"name\":\"Phone\"}"), 201)
                        .toString())
                .isEqualTo(
                        "{\"id\":\"c2\",\"password\":\"app-2\",\"name\":\"Phone\",\"created\":\"2026-11-29T10:00:30Z\"}");
        assertThat(appPassword()).isEqualTo("app-3");
        JsonNode all = json(get(token, "/auth/app-passwords"), 200);
        assertThat(all.at("/appPasswords/0").toString())
                .isEqualTo("{\"id\":\"c2\",\"name\":\"Phone\",\"created\":\"2026-11-29T10:00:30Z\",\"lastUsed\":null}");
        assertThat(json(post(PASSWORD, "/auth/app-passwords", "{\"name\":\"Third\"}"), 409)
                        .get("detail")
                        .textValue())
                .contains("end one");
        assertThat(delete(token, "/auth/app-passwords/c2").statusCode()).isEqualTo(204);
        assertThat(delete(token, "/auth/app-passwords/c2").statusCode()).isEqualTo(404);
        assertThat(delete(token, "/auth/app-passwords/c1").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/auth/tokens", "/auth/app-passwords"})
    void an_app_password_reads_mail_and_does_none_of_it(String path) throws Exception {
        String app = "demo:" + appPassword();
        assertThat(get(app, "/.well-known/jmap").statusCode()).isEqualTo(200);
        json(post(app, path, "{\"name\":\"More\"}"), 403);
        json(get(app, path), 403);
        json(delete(app, path + "/c1"), 403);
        assertThat(json(get(PASSWORD, "/auth/app-passwords"), 200).get("appPasswords"))
                .hasSize(1);
    }

    @Test
    void a_token_makes_no_other() throws Exception {
        String token = token();
        json(post(token, "/auth/tokens", "{\"name\":\"More\"}"), 403);
        assertThat(json(get(token, "/auth/tokens"), 200).get("tokens")).hasSize(1);
    }

    @Test
    void who_comes_with_a_token_that_is_none_is_told_so_when_his_pause_is_over() throws Exception {
        long begin = System.nanoTime();
        HttpResponse<String> response = get("token-9", "/.well-known/jmap");
        assertThat(System.nanoTime() - begin).isGreaterThan(50_000_000);
        json(response, 401);
        assertThat(response.headers().allValues("WWW-Authenticate"))
                .singleElement()
                .asString()
                .startsWith("Bearer realm=\"Posthorn\", error=\"invalid_token\"");
        HttpResponse<String> off = get("guessed", "/.well-known/jmap");
        json(off, 429);
        assertThat(off.headers().firstValue("Retry-After")).hasValue("30");
        HttpResponse<String> tooLong = get("x".repeat(5000), "/.well-known/jmap");
        json(tooLong, 401);
        assertThat(tooLong.headers().allValues("WWW-Authenticate"))
                .singleElement()
                .asString()
                .contains("invalid_token");
        assertThat(server.send(server.plain("/.well-known/jmap").header("Authorization", "Bearer"))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void who_comes_with_nothing_is_told_both_ways() throws Exception {
        assertThat(server.send(server.plain("/auth/tokens")).headers().allValues("WWW-Authenticate"))
                .containsExactly("Basic realm=\"Posthorn\", charset=\"UTF-8\"", "Bearer realm=\"Posthorn\"");
    }

    @Test
    void no_token_is_looked_at_in_a_url() throws Exception {
        String token = token();
        assertThat(server.send(server.plain("/.well-known/jmap?access_token=" + token))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void no_token_is_looked_at_where_no_password_may_come() throws Exception {
        String token = token();
        server.passwords = false;
        json(get(token, "/.well-known/jmap"), 403);
        json(get(token, "/auth/tokens"), 403);
        json(post(PASSWORD, "/auth/tokens", "{\"name\":\"x\"}"), 403);
    }

    @Test
    void a_page_of_another_site_has_nothing_done() throws Exception {
        String token = token();
        for (String site : List.of("cross-site", "same-site"))
            json(
                    server.send(as(token, "/auth/app-passwords")
                            .header("Sec-Fetch-Site", site)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"x\"}"))),
                    403);
        json(
                server.send(as(token, "/auth/tokens/c1")
                        .header("Origin", "https://evil.example")
                        .DELETE()),
                403);
        assertThat(get(token, "/auth/tokens").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\":7}|400",
                "{}|400",
                "[]|400",
                "{\"name\":|400",
                "{\"name\":\" \"}|400",
                "{\"name\":\"a\",\"name\":\"b\"}|400",
                "''|400"
            })
    void what_has_no_name_is_refused(String body, int status) throws Exception {
        json(post(PASSWORD, "/auth/tokens", body), status);
    }

    @Test
    void what_is_too_long_or_of_another_type_is_refused() throws Exception {
        json(post(PASSWORD, "/auth/tokens", "{\"name\":\"" + "x".repeat(5000) + "\"}"), 413);
        json(post(PASSWORD, "/auth/tokens", "{\"name\":\"a\",\"b\":[" + "1,".repeat(100) + "1]}"), 400);
        json(
                server.send(server.as(PASSWORD, "/auth/tokens")
                        .header("Content-Type", "text/plain")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"x\"}"))),
                400);
        assertThat(server.send(server.as(PASSWORD, "/auth/tokens").PUT(HttpRequest.BodyPublishers.ofString("x")))
                        .headers()
                        .firstValue("Allow"))
                .hasValue("GET, POST, DELETE");
        json(post(PASSWORD, "/auth/tokens/c1", "{\"name\":\"x\"}"), 404);
        json(get(PASSWORD, "/auth"), 404);
    }

    @Test
    void while_they_cannot_be_looked_at_clients_are_put_off() throws Exception {
        String token = token();
        server.tokens.broken = true;
        json(get(token, "/.well-known/jmap"), 503);
        json(get(PASSWORD, "/auth/tokens"), 503);
        json(post(PASSWORD, "/auth/tokens", "{\"name\":\"x\"}"), 503);
        server.tokens.broken = false;
        server.parts.unbindIssuer(server.tokens);
        json(get(token, "/.well-known/jmap"), 503);
        json(get(PASSWORD, "/auth/tokens"), 503);
        assertThat(get(PASSWORD, "/.well-known/jmap").statusCode()).isEqualTo(200);
    }

    /** As a swap of the bundle does it: the new one comes before the old one goes. */
    @Test
    void no_request_fails_while_the_issuer_is_replaced_by_its_next_version() throws Exception {
        String token = token();
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger served = new AtomicInteger();
        CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
            try {
                for (; !over.get(); served.incrementAndGet())
                    assertThat(get(token, "/auth/tokens").statusCode()).isEqualTo(200);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        try {
            // Each request meets some replacement.
            while (served.get() < 20 && !load.isDone()) server.replaceIssuer();
        } finally {
            over.set(true);
        }
        load.get();
    }

    /** It is let in, and its body held back: a client is asked to go on when that is read. */
    private Socket held(String authorization, String path) throws Exception {
        Socket socket = new Socket("127.0.0.1", server.port());
        String head = "POST " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + authorization
                + "\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: " + NAME.length()
                + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(socket.getInputStream().readNBytes(25), StandardCharsets.US_ASCII))
                .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
        return socket;
    }

    /** @return the head of the answer */
    private static String goesOn(Socket socket) throws Exception {
        socket.getOutputStream().write(NAME.getBytes(StandardCharsets.US_ASCII));
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        return in.lines().takeWhile(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/auth/tokens", "/auth/app-passwords"})
    void a_request_that_was_held_back_outlives_no_password(String path) throws Exception {
        try (Socket held = held(BASIC, path);
                Socket other = held(BASIC, path)) {
            assertThat(goesOn(other)).startsWith("HTTP/1.1 201");
            server.password = "another";
            assertThat(goesOn(held)).startsWith("HTTP/1.1 401").contains("WWW-Authenticate: Basic");
        }
        assertThat(json(get("demo:another", path), 200).iterator().next()).hasSize(1);
    }

    @Test
    void a_request_that_was_held_back_outlives_no_token() throws Exception {
        String token = token();
        try (Socket held = held("Bearer " + token, "/auth/app-passwords")) {
            assertThat(delete(PASSWORD, "/auth/tokens/c1").statusCode()).isEqualTo(204);
            assertThat(goesOn(held)).startsWith("HTTP/1.1 401").contains("invalid_token");
        }
        assertThat(json(get(PASSWORD, "/auth/app-passwords"), 200).get("appPasswords"))
                .isEmpty();
    }

    @Test
    void of_an_account_only_so_many_are_read_at_a_time() throws Exception {
        List<Socket> all = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) all.add(held(BASIC, i % 2 == 0 ? "/auth/tokens" : "/auth/app-passwords"));
            json(post(PASSWORD, "/auth/tokens", NAME), 429);
            json(post(PASSWORD, "/auth/app-passwords", NAME), 429);
            assertThat(get(PASSWORD, "/auth/tokens").statusCode()).isEqualTo(200);
            for (Socket each : all) assertThat(goesOn(each)).startsWith("HTTP/1.1 201");
            json(post(PASSWORD, "/auth/tokens", NAME), 201);
        } finally {
            for (Socket each : all) each.close();
        }
    }
}
