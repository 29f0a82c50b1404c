package org.posthorn.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.api.users.Credential;
import org.posthorn.api.users.Issued;
import org.posthorn.api.users.Login;
import org.posthorn.mailbox.RealMailboxes;
import org.posthorn.mime.Octets;
import org.posthorn.mime.StoredMessage;

/** RFC 8620 7.2 with a push service of RFC 8030. */
@Timeout(120)
class PushTest {

    private static final String PASSWORD =
            "Basic " + Base64.getEncoder().encodeToString("demo:secret".getBytes(StandardCharsets.UTF_8));
    private static final String USING = "{\"using\":[\"urn:ietf:params:jmap:core\"],\"methodCalls\":[";

    @TempDir
    Path data;

    @TempDir
    static Path certificates;

    private static Path certificate;

    private PushService service;
    private WebServer server;
    private int faster = 1;

    @BeforeAll
    static void sign() throws Exception {
        certificate = PushService.certificate(certificates);
    }

    @BeforeEach
    void start() throws Exception {
        service = new PushService(certificate);
        server = server(true);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        service.close();
    }

    private WebServer server(boolean toPrivate) throws Exception {
        return server(() -> toPrivate);
    }

    private WebServer server(BooleanSupplier toPrivate) throws Exception {
        return new WebServer(data, faster, settings(toPrivate));
    }

    private Pushes.Settings settings(BooleanSupplier toPrivate) {
        return new Pushes.Settings(toPrivate, () -> "mailto:postmaster@example.org", service.trust, new Fast(faster));
    }

    private void restart(int times) throws Exception {
        server.close();
        faster = times;
        Tokens tokens = server.tokens;
        server = server(true);
        server.tokens.take(tokens);
    }

    /** The hours go by as fast as the timers of the servlet. */
    private static final class Fast extends Clock {
        private final int times;
        private final Instant begin = Instant.now();

        Fast(int times) {
            this.times = times;
        }

        @Override
        public Instant instant() {
            return begin.plus(Duration.between(begin, Instant.now()).multipliedBy(times));
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private static void until(BooleanSupplier there) {
        while (!there.getAsBoolean()) {
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            LockSupport.parkNanos(1_000_000);
        }
    }

    private JsonNode call(String authorization, String method, String arguments) throws Exception {
        HttpRequest.Builder request = server.plain("/jmap/api")
                .header("Authorization", authorization)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(USING + "[\"" + method + "\",{" + arguments + "},\"c\"]]}"));
        HttpResponse<String> response = server.send(request);
        assertThat(response.statusCode()).isEqualTo(200);
        return Json.read(response.body().getBytes(StandardCharsets.UTF_8), 10_000)
                .at("/methodResponses/0/1");
    }

    private JsonNode set(String arguments) throws Exception {
        return call(PASSWORD, "PushSubscription/set", arguments);
    }

    private JsonNode get(String arguments) throws Exception {
        return call(PASSWORD, "PushSubscription/get", arguments);
    }

    private static String create(String url, String more) {
        return "\"create\":{\"a\":{\"deviceClientId\":\"d1\",\"url\":\"" + url + "\"" + more + "}}";
    }

    private String encrypted() {
        return ",\"keys\":" + service.keys();
    }

    private String made(String authorization, String path, String more) throws Exception {
        JsonNode answer = call(authorization, "PushSubscription/set", create(service.url(path), more));
        assertThat(answer.at("/created/a/id").isTextual()).as(answer.toString()).isTrue();
        return answer.at("/created/a/id").asText();
    }

    private JsonNode verify(String authorization, String id, String code) throws Exception {
        return call(
                authorization,
                "PushSubscription/set",
                "\"update\":{\"" + id + "\":{\"verificationCode\":\"" + code + "\"}}");
    }

    /** One that is verified, and has heard the states that there are. */
    private String live(String authorization, String more) throws Exception {
        String id = made(authorization, "/p", more + encrypted());
        JsonNode verified = verify(
                authorization, id, service.decrypted().path("verificationCode").asText());
        assertThat(verified.at("/updated").has(id)).as(verified.toString()).isTrue();
        if (!more.contains("types")) thing(1);
        return id;
    }

    private void thing(int state) throws Exception {
        assertThat(service.decrypted().at("/changed/" + Talk.ACCOUNT + "/Thing").asText())
                .isEqualTo(String.valueOf(state));
    }

    @Test
    void nothing_but_the_code_is_pushed_before_the_client_has_told_it_back() throws Exception {
        String id = made(PASSWORD, "/p", encrypted());
        PushService.Message message = service.messages.take();
        assertThat(message.path()).isEqualTo("/p");
        assertThat(message.header())
                .containsEntry("content-type", "application/json")
                .containsEntry("ttl", "86400")
                .containsEntry("urgency", "high")
                .doesNotContainKey("topic");
        service.messages.add(message);
        JsonNode verification = service.decrypted();
        assertThat(verification.path("@type").asText()).isEqualTo("PushVerification");
        assertThat(verification.path("pushSubscriptionId").asText()).isEqualTo(id);
        server.changed();
        JsonNode wrong = verify(PASSWORD, id, "guessed");
        assertThat(wrong.at("/notUpdated/" + id + "/type").asText()).isEqualTo("invalidProperties");
        assertThat(wrong.at("/notUpdated/" + id + "/properties/0").asText()).isEqualTo("verificationCode");
        verify(PASSWORD, id, verification.path("verificationCode").asText());
        JsonNode change = service.decrypted();
        assertThat(change.path("@type").asText()).isEqualTo("StateChange");
        assertThat(change.at("/changed/" + Talk.ACCOUNT + "/Thing").asText()).isEqualTo("2");
    }

    /** RFC 8620 8.6, RFC 9749 6. */
    @Test
    void a_code_goes_out_once_whether_it_is_taken_or_not() throws Exception {
        restart(100);
        PushService.Answer forbidden = PushService.status("403 Forbidden", "");
        service.answer =
                (message, out) -> (message.path().equals("/p") ? PushService.CREATED : forbidden).write(message, out);
        String refused = made(PASSWORD, "/refused", "");
        assertThat(service.next().path()).isEqualTo("/refused");
        live(PASSWORD, "");
        service.answer = PushService.status("500 Internal Server Error", "");
        server.changed();
        // Longer than it would have to wait.
        for (int i = 0; i < 4; i++) thing(2);
        restart(1);
        service.answer = PushService.CREATED;
        thing(1);
        server.changed();
        thing(2);
        assertThat(get("\"ids\":[\"" + refused + "\"]")
                        .at("/list/0/verificationCode")
                        .isNull())
                .isTrue();
    }

    @Test
    void one_that_is_gone_meanwhile_is_asked_for_no_code() throws Exception {
        Pushes.Settings settings = settings(() -> true);
        try (PushClient client = new PushClient(settings.trust(), settings.toPrivate(), settings.time());
                PushSubscriptions none = new PushSubscriptions(data.resolve("none"), settings.time())) {
            SecureRandom random = new SecureRandom();
            Vapid vapid = Vapid.in(data.resolve("vapid"), random, settings.contact());
            PushLine line = new PushLine(new PushLine.Means(client, vapid, random, settings.time(), none), () -> {});
            PushSubscription gone = new PushSubscription(
                    Talk.DEMO,
                    1,
                    Json.NODES.objectNode().put("url", service.url("/p")).put("code", "c"));
            Instant again = line.look(gone, AccountStates.NONE).orElseThrow();
            assertThat(Duration.between(Instant.now(), again).toMillis()).isNegative();
        }
        live(PASSWORD, "");
    }

    @Test
    void changes_are_pushed_while_nobody_is_connected() throws Exception {
        live(PASSWORD, "");
        server.changed();
        PushService.Message message = service.next();
        assertThat(message.header()).containsEntry("urgency", "normal").containsKey("topic");
        assertThat(message.header().get("topic")).matches("[A-Za-z0-9_-]{32}");
        assertThat(message.header().get("authorization")).startsWith("vapid t=");
        service.messages.add(message);
        thing(2);
        server.changed();
        thing(3);
    }

    @Test
    void what_comes_to_mailboxes_that_others_share_is_pushed() throws Exception {
        Address alice = Address.of("alice@example.org");
        RealMailboxes mailboxes = new RealMailboxes(data.resolve("mail"), "");
        server.close();
        server = new WebServer(data, settings(() -> true), mailboxes.store());
        Account account = mailboxes.store().account(alice);
        account.create("Work", Optional.empty());
        live(PASSWORD, "");
        mailboxes.store().access(alice).change("Work", Talk.DEMO.toString(), before -> Rights.parse("lr"));
        JsonNode shared = service.decrypted().path("changed");
        assertThat(shared.path(Id.account(alice)).has("Email")).isTrue();
        StoredMessage message = StoredMessage.of(Octets.of("Subject: x\r\n\r\ny\r\n".getBytes(StandardCharsets.UTF_8)));
        account.mailbox("INBOX").orElseThrow().append(message, Flags.NONE, Instant.EPOCH);
        account.mailbox("Work").orElseThrow().append(message, Flags.NONE, Instant.EPOCH);
        JsonNode changed = service.decrypted().path("changed");
        assertThat(changed.path(Id.account(alice)).has("Email")).isTrue();
        assertThat(changed.has(Talk.ACCOUNT)).isFalse();
        server.close();
        mailboxes.close();
        server = server(true);
    }

    @Test
    void many_changes_are_one_message_while_another_is_under_way() throws Exception {
        live(PASSWORD, "");
        CountDownLatch held = new CountDownLatch(1);
        service.answer = (message, out) -> {
            held.await();
            PushService.CREATED.write(message, out);
        };
        server.changed();
        thing(2);
        for (int i = 0; i < 50; i++) server.changed();
        service.answer = PushService.CREATED;
        held.countDown();
        thing(52);
        assertThat(service.messages).isEmpty();
    }

    @Test
    void types_that_the_client_does_not_want_are_not_pushed() throws Exception {
        String id = live(PASSWORD, ",\"types\":[\"Foo\"]");
        server.changed();
        set("\"update\":{\"" + id + "\":{\"types\":[\"Foo\",\"Thing\"]}}");
        thing(2);
        assertThat(service.messages).isEmpty();
    }

    @Test
    void without_keys_it_goes_as_it_is() throws Exception {
        String id = made(PASSWORD, "/p", "");
        verify(PASSWORD, id, service.plain().path("verificationCode").asText());
        assertThat(service.plain().path("@type").asText()).isEqualTo("StateChange");
    }

    @Test
    void a_client_is_told_what_the_server_has_set_and_never_where_it_is_pushed_to() throws Exception {
        JsonNode made = set(create(service.url("/p"), ",\"expires\":\"2999-01-01T00:00:00Z\",\"types\":null"));
        assertThat(made.has("accountId")).isFalse();
        assertThat(made.has("newState")).isFalse();
        assertThat(made.at("/created/a/keys").isNull()).isTrue();
        assertThat(made.at("/created/a").has("types")).isFalse();
        Instant expires = Instant.parse(made.at("/created/a/expires").asText());
        assertThat(expires)
                .isBetween(Instant.now().plus(Duration.ofDays(6)), Instant.now().plus(Duration.ofDays(7)));
        String id = made.at("/created/a/id").asText();
        JsonNode told = get("\"ids\":null");
        assertThat(told.toString())
                .isEqualTo("{\"list\":[{\"id\":\"" + id + "\",\"deviceClientId\":\"d1\",\"verificationCode\":null,"
                        + "\"expires\":\"" + expires + "\",\"types\":null}],\"notFound\":[]}");
        assertThat(get("\"ids\":[\"" + id + "\",\"P99\"],\"properties\":[\"expires\"]")
                        .toString())
                .isEqualTo(
                        "{\"list\":[{\"id\":\"" + id + "\",\"expires\":\"" + expires + "\"}],\"notFound\":[\"P99\"]}");
        for (String hidden : List.of("url", "keys"))
            assertThat(get("\"properties\":[\"" + hidden + "\"]").path("type").asText())
                    .isEqualTo("forbidden");
        assertThat(get("\"properties\":[\"code\"]").path("type").asText()).isEqualTo("invalidArguments");
        assertThat(get("\"accountId\":\"" + Talk.ACCOUNT + "\"").path("type").asText())
                .isEqualTo("invalidArguments");
    }

    @Test
    void what_is_wrong_in_one_is_told() throws Exception {
        String url = service.url("/p");
        for (String wrong : List.of(
                url.replace("https", "http"),
                "https://u:p@example.org/",
                "ftp://x",
                "https:/x",
                "",
                " ",
                "https://a b/",
                "https://example.org/#f",
                "https://" + "a".repeat(2048)))
            assertThat(set(create(wrong, "")).at("/notCreated/a/properties/0").asText())
                    .as(wrong)
                    .isEqualTo("url");
        for (Map.Entry<String, String> wrong : Map.of(
                        "keys", "{\"p256dh\":\"AA\",\"auth\":\"AA\"}",
                        "verificationCode", "\"x\"",
                        "expires", "\"tomorrow\"",
                        "types", "[1]",
                        "id", "\"P1\"",
                        "deviceClientId", "5")
                .entrySet())
            assertThat(set(create(url, ",\"" + wrong.getKey() + "\":" + wrong.getValue())
                                    .replace(
                                            wrong.getKey().equals("deviceClientId")
                                                    ? "\"deviceClientId\":\"d1\","
                                                    : "@",
                                            ""))
                            .at("/notCreated/a/properties/0")
                            .asText())
                    .as(wrong.getKey())
                    .isEqualTo(wrong.getKey());
        assertThat(service.messages).isEmpty();
    }

    @Test
    void only_what_may_change_changes() throws Exception {
        String id = live(PASSWORD, "");
        for (String fixed :
                List.of("\"url\":\"https://example.org/\"", "\"keys\":null", "\"deviceClientId\":\"d2\"", "\"x\":1"))
            assertThat(set("\"update\":{\"" + id + "\":{" + fixed + "}}")
                            .at("/notUpdated/" + id + "/type")
                            .asText())
                    .isEqualTo("invalidProperties");
        JsonNode longer = set("\"update\":{\"" + id + "\":{\"expires\":\"2999-01-01T00:00:00Z\"}}");
        assertThat(Instant.parse(longer.at("/updated/" + id + "/expires").asText()))
                .isBefore(Instant.now().plus(Duration.ofDays(7)).plusSeconds(1));
        String soon = Instant.now().plusSeconds(3600).toString();
        assertThat(set("\"update\":{\"" + id + "\":{\"expires\":\"" + soon + "\"}}")
                        .at("/updated/" + id)
                        .isNull())
                .isTrue();
        assertThat(set("\"destroy\":[\"" + id + "\",\"P77\"]").toString())
                .contains("\"destroyed\":[\"" + id + "\"]", "\"P77\":{\"type\":\"notFound\"}");
        assertThat(get("").path("list")).isEmpty();
        assertThat(Files.readString(data.resolve("jmap/push/subscriptions/" + Talk.ACCOUNT)))
                .doesNotContain("127.0.0.1", "p256dh");
        server.changed();
        until(() -> server.watching.isEmpty());
        assertThat(service.messages).isEmpty();
    }

    private Issued token() throws Exception {
        return server.tokens
                .issue(new Login.Granted(Talk.DEMO), "mark", Credential.Kind.TOKEN, "phone")
                .orElseThrow();
    }

    @Test
    void nobody_sees_those_that_were_made_with_something_else() throws Exception {
        String token = "Bearer " + token().secret();
        String id = live(token, "");
        assertThat(get("").path("list")).isEmpty();
        assertThat(get("\"ids\":[\"" + id + "\"]").path("notFound")).hasSize(1);
        assertThat(set("\"destroy\":[\"" + id + "\"]")
                        .at("/notDestroyed/" + id + "/type")
                        .asText())
                .isEqualTo("notFound");
        assertThat(call(token, "PushSubscription/get", "").path("list")).hasSize(1);
    }

    @Test
    void one_ends_with_the_token_that_it_was_made_with() throws Exception {
        Issued token = token();
        live("Bearer " + token.secret(), "");
        live(PASSWORD, "");
        server.tokens.revoke(
                Talk.DEMO, Credential.Kind.TOKEN, token.credential().id());
        server.changed();
        thing(2);
        until(() -> kept() == 1);
        server.changed();
        thing(3);
        assertThat(service.messages).isEmpty();
    }

    /** RFC 8620 7.2. */
    @Test
    void one_that_is_made_with_what_ends_by_itself_has_the_time_that_its_client_says() throws Exception {
        String token = "Bearer " + token().secret();
        String id = made(token, "/p", "");
        assertThat(call(token, "PushSubscription/get", "").at("/list/0/expires").isNull())
                .isTrue();
        for (String expires : List.of("\"2999-01-01T00:00:00Z\"", "null")) {
            assertThat(call(token, "PushSubscription/set", "\"update\":{\"" + id + "\":{\"expires\":" + expires + "}}")
                            .at("/updated/" + id)
                            .isNull())
                    .isTrue();
            assertThat(call(token, "PushSubscription/get", "")
                            .at("/list/0/expires")
                            .toString())
                    .isEqualTo(expires);
        }
    }

    private long kept() {
        try (PushSubscriptions all = new PushSubscriptions(copy(), Clock.systemUTC())) {
            return all.of(Talk.DEMO).size();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a crash would leave. */
    private Path copy() throws Exception {
        Path copy = Files.createTempDirectory(data, "copy");
        Files.copy(data.resolve("jmap/push/subscriptions/" + Talk.ACCOUNT), copy.resolve(Talk.ACCOUNT));
        return copy;
    }

    @Test
    void one_ends_with_the_password_that_it_was_made_with() throws Exception {
        live(PASSWORD, "");
        server.tokens.mark = "another";
        server.changed();
        until(() -> kept() == 0);
        until(() -> server.watching.isEmpty());
        assertThat(service.messages).isEmpty();
    }

    @Test
    void while_it_cannot_be_told_whether_it_holds_it_waits_and_stays() throws Exception {
        restart(100);
        live(PASSWORD, "");
        server.tokens.broken = true;
        server.changed();
        restart(100);
        server.tokens.broken = false;
        server.replaceIssuer();
        assertThat(service.decrypted().path("@type").asText()).isEqualTo("StateChange");
        assertThat(kept()).isEqualTo(1);
    }

    @Test
    void who_held_back_his_request_until_the_password_was_another_makes_none() throws Exception {
        String body = USING + "[\"PushSubscription/set\",{" + create(service.url("/p"), "") + "},\"c\"]]}";
        try (Socket client = new Socket("127.0.0.1", server.port())) {
            OutputStream out = client.getOutputStream();
            out.write(("POST /jmap/api HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\n"
                            + "Content-Type: application/json\r\nAuthorization: " + PASSWORD
                            + "\r\nContent-Length: " + body.length() + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            // It is asked for when the login has been looked at.
            assertThat(new String(client.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 100");
            server.password = "another";
            out.write(body.getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("\"notCreated\":{\"a\":{\"type\":\"forbidden\"");
        }
        assertThat(service.messages).isEmpty();
    }

    @Test
    void it_survives_a_restart_behind_which_all_states_are_told_once() throws Exception {
        String id = live(PASSWORD, "");
        restart(1);
        thing(1);
        server.changed();
        thing(2);
        assertThat(get("").at("/list/0/id").asText()).isEqualTo(id);
    }

    @Test
    void other_mailboxes_in_the_place_of_those_before_are_watched() throws Exception {
        live(PASSWORD, "");
        server.replaceStore();
        until(() -> server.watching.size() == 1);
        server.changed();
        thing(2);
    }

    @Test
    void one_whose_service_does_not_know_it_ends() throws Exception {
        for (String status : List.of("404 Not Found", "410 Gone")) {
            live(PASSWORD, "");
            service.answer = PushService.status(status, "");
            server.changed();
            until(() -> kept() == 0);
            // Nobody knows of the state before any more.
            until(() -> server.watching.isEmpty());
            assertThat(service.next().path()).isEqualTo("/p");
            server.things.state = 1;
            service.answer = PushService.CREATED;
        }
    }

    @Test
    void mailboxes_that_cannot_be_watched_are_tried_again() throws Exception {
        restart(100);
        server.unwatchable.set(1);
        live(PASSWORD, "");
        until(() -> server.watching.size() == 1);
        server.changed();
        thing(2);
    }

    @Test
    void what_is_kept_of_another_and_cannot_be_read_keeps_nothing_from_one() throws Exception {
        live(PASSWORD, "");
        Files.createDirectory(data.resolve("jmap/push/subscriptions/" + Id.account(Address.of("other@example.org"))));
        restart(1);
        thing(1);
    }

    @Test
    void what_is_not_taken_is_tried_again_and_longer_and_longer_later() throws Exception {
        restart(100);
        live(PASSWORD, "");
        List<Long> at = new CopyOnWriteArrayList<>();
        service.answer = (message, out) -> {
            at.add(System.nanoTime());
            PushService.status("500 Internal Server Error", "").write(message, out);
        };
        server.changed();
        for (int i = 0; i < 4; i++) thing(2);
        server.changed();
        service.answer = PushService.CREATED;
        thing(3);
        // 10, 20 and 40 seconds, a hundred times as fast.
        for (int i = 1; i < 4; i++)
            assertThat(at.get(i) - at.get(i - 1)).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(50L << i));
    }

    @Test
    void a_service_that_wants_nothing_for_some_time_has_nothing() throws Exception {
        restart(100);
        live(PASSWORD, "");
        service.answer = PushService.status("429 Too Many Requests", "Retry-After: 100\r\n");
        long before = System.nanoTime();
        server.changed();
        thing(2);
        service.answer = PushService.CREATED;
        thing(2);
        assertThat(System.nanoTime() - before).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(950));
    }

    @Test
    void it_ends_at_its_time() throws Exception {
        restart(1000);
        String id = live(PASSWORD, "");
        // Behind the sweep of an hour.
        String soon = get("").at("/list/0/expires").asText();
        assertThat(set("\"update\":{\"" + id + "\":{\"expires\":\""
                                + Instant.parse(soon).minus(Duration.ofDays(7)).plusSeconds(1800) + "\"}}")
                        .at("/updated")
                        .has(id))
                .isTrue();
        until(() -> kept() == 0);
        until(() -> server.watching.isEmpty());
    }

    @Test
    void who_redirects_is_not_followed() throws Exception {
        service.answer = PushService.status("307 Temporary Redirect", "Location: " + service.url("/other") + "\r\n");
        String id = made(PASSWORD, "/p", "");
        assertThat(service.next().path()).isEqualTo("/p");
        assertThat(set("\"destroy\":[\"" + id + "\"]").path("destroyed")).hasSize(1);
        service.answer = PushService.CREATED;
        made(PASSWORD, "/q", "");
        assertThat(service.next().path()).isEqualTo("/q");
    }

    @Test
    void one_who_answers_without_end_or_not_at_all_holds_up_nobody() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        service.answer = (message, out) -> {
            if (message.path().equals("/endless")) endless(out, ended);
            else if (message.path().startsWith("/never")) service.closed.await();
            else PushService.CREATED.write(message, out);
        };
        for (int i = 0; i < 8; i++) made(PASSWORD, "/never" + i, "");
        made(PASSWORD, "/endless", "");
        for (int i = 0; i < 9; i++) service.next();
        live(PASSWORD, "");
        server.changed();
        thing(2);
        ended.await();
    }

    private static void endless(OutputStream out, CountDownLatch ended) throws java.io.IOException {
        out.write("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        try {
            while (true)
                out.write("4000\r\n".concat("x".repeat(0x4000)).concat("\r\n").getBytes(StandardCharsets.US_ASCII));
        } finally {
            ended.countDown();
        }
    }

    @Test
    void what_is_not_public_is_not_spoken_to() throws Exception {
        server.close();
        server = server(false);
        for (String url : List.of(
                service.url("/p"),
                service.url("/p").replace("127.0.0.1", "localhost"),
                "https://[::1]/",
                "https://10.1.2.3/",
                "https://169.254.169.254/latest",
                "https://[::ffff:127.0.0.1]/",
                "https://0/"))
            assertThat(set(create(url, "")).at("/notCreated/a/properties/0").asText())
                    .as(url)
                    .isEqualTo("url");
        assertThat(service.messages).isEmpty();
    }

    @Test
    void one_that_leads_elsewhere_than_when_it_was_made_is_not_spoken_to() throws Exception {
        live(PASSWORD, "");
        server.close();
        CountDownLatch looked = new CountDownLatch(1);
        server = server(() -> {
            looked.countDown();
            return false;
        });
        looked.await();
        server.close();
        assertThat(service.messages).isEmpty();
        server = server(true);
        thing(1);
    }

    @Test
    void a_user_has_so_many_and_makes_so_many_in_an_hour() throws Exception {
        service.answer = PushService.status("201 Created", "");
        List<String> made = new ArrayList<>();
        for (int i = 0; i < PushDraft.MOST; i++) made.add(made(PASSWORD, "/p", ""));
        assertThat(set(create(service.url("/p"), "")).at("/notCreated/a/type").asText())
                .isEqualTo("overQuota");
        for (String id : made) set("\"destroy\":[\"" + id + "\"]");
        for (int i = 0; i < 9; i++) made(PASSWORD, "/p", "");
        assertThat(set(create(service.url("/p"), "")).at("/notCreated/a/type").asText())
                .isEqualTo("rateLimit");
    }

    @Test
    void clients_are_told_of_the_key_that_messages_are_signed_by() throws Exception {
        JsonNode session = Json.read(
                server.send(server.as("demo:secret", "/.well-known/jmap"))
                        .body()
                        .getBytes(StandardCharsets.UTF_8),
                1000);
        String key = session.at("/capabilities/urn:ietf:params:jmap:webpush-vapid/applicationServerKey")
                .asText();
        made(PASSWORD, "/p", "");
        assertThat(service.next().header().get("authorization")).endsWith(", k=" + key);
    }

    @Test
    void another_key_ends_those_that_were_made_with_the_one_before() throws Exception {
        live(PASSWORD, "");
        server.close();
        Files.delete(data.resolve("jmap/push/vapid"));
        server = server(true);
        until(() -> kept() == 0);
        assertThat(service.messages).isEmpty();
    }

    @Test
    void nothing_of_it_is_left_behind_the_servlet() throws Exception {
        // Clients of this and of other tests have such threads as well.
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        live(PASSWORD, "");
        service.answer = (message, out) -> service.closed.await();
        server.changed();
        thing(2);
        server.close();
        assertThat(server.watching).isEmpty();
        // A pool has ended a moment before its last thread has.
        until(() -> threads("jmap-push", before) == 0);
        // The JDK looks every few seconds whether its client is still wanted.
        until(() -> {
            System.gc();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            return threads("SelectorManager", before) == 0;
        });
    }

    private static long threads(String name, Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().contains(name) && !before.contains(t))
                .count();
    }
}
