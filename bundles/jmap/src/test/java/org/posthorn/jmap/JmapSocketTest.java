package org.posthorn.jmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.users.Credential;
import org.posthorn.api.users.Entrance;
import org.posthorn.api.users.Issued;
import org.posthorn.api.users.Login;

/** JMAP by WebSocket, RFC 8887: over real sockets, by the HTTP door's own frames. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JmapSocketTest {

    private static final String ECHO = "{'@type':'Request','id':'R1','using':['urn:ietf:params:jmap:core'],"
            + "'methodCalls':[['Core/echo',{'hello':true,'high':5},'b3ff']]}";

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

    private static String calls(String id, String name, String arguments) {
        return "{'@type':'Request','id':'" + id + "','using':['urn:ietf:params:jmap:core','" + Things.URI
                + "'],'methodCalls':[['" + name + "'," + arguments + ",'c']]}";
    }

    private static void until(java.util.function.BooleanSupplier there) {
        // Asked until it is so and not once more: some of these ask the server, which may have enough to do by then.
        while (!there.getAsBoolean()) {
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static void refused(JsonNode error, String id, String type) {
        assertThat(error.path("@type").textValue()).isEqualTo("RequestError");
        assertThat(error.has("requestId")).isTrue();
        assertThat(error.path("requestId").textValue()).isEqualTo(id);
        assertThat(error.path("type").textValue()).isEqualTo("urn:ietf:params:jmap:error:" + type);
        assertThat(error.path("status").intValue()).isEqualTo(400);
    }

    private static void changed(JsonNode change, String state) {
        assertThat(change.path("@type").textValue()).isEqualTo("StateChange");
        assertThat(change.path("changed").toString())
                .isEqualTo("{\"" + Talk.ACCOUNT + "\":{\"Thing\":\"" + state + "\"}}");
        assertThat(change.path("pushState").textValue()).isNotEmpty();
    }

    /** RFC 8887 4.4: the client has kept a pushState of long ago. */
    @Test
    void requests_changes_and_what_is_none_are_answered_on_one_connection() throws Exception {
        SocketClient client = new SocketClient(server);
        assertThat(client.socket.getSubprotocol()).isEqualTo("jmap");
        changed(client.ask("{'@type':'WebSocketPushEnable','dataTypes':['Thing','Email'],'pushState':'aaa'}"), "1");
        JsonNode echo = client.ask(ECHO);
        assertThat(echo.path("@type").textValue()).isEqualTo("Response");
        assertThat(echo.path("requestId").textValue()).isEqualTo("R1");
        assertThat(echo.path("methodResponses")).isEqualTo(Talk.json("[['Core/echo',{'hello':true,'high':5},'b3ff']]"));
        assertThat(echo.path("sessionState").textValue()).isNotEmpty();
        refused(client.ask("The quick brown fox jumps over the lazy dog."), null, "notJSON");
        refused(
                client.ask("{'@type':'Request','id':'R2','using':['urn:ietf:params:jmap:mail'],"
                        + "'methodCalls':[['Mailbox/get',{'accountId':'A'},'0']]}"),
                "R2",
                "unknownCapability");
        assertThat(client.ask(ECHO).path("requestId").textValue()).isEqualTo("R1");
        server.changed();
        changed(client.next(), "2");
        client.socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        assertThat(client.ended.join()).isEqualTo(WebSocket.NORMAL_CLOSURE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'id':'R3','using':[],'methodCalls':[]}",
                "{'@type':'Response','id':'R3'}",
                "{'@type':'Request','id':'R3','using':[]}",
                "{'@type':'WebSocketPushEnable','id':'R3','dataTypes':'Email'}",
                "{'@type':'WebSocketPushEnable','id':'R3','dataTypes':['Email',1]}",
                "{'@type':'WebSocketPushEnable','id':'R3','pushState':1}"
            })
    void what_is_no_message_is_refused_by_its_id(String message) throws Exception {
        refused(new SocketClient(server).ask(message), "R3", "notRequest");
    }

    @Test
    void what_one_wants_to_hear_of_is_not_much() throws Exception {
        String many = "'T'" + ",'T'".repeat(PushDraft.MOST_TYPES);
        String large = "T".repeat(PushDraft.LONGEST_TEXT + 1);
        for (String wrong :
                List.of("'dataTypes':[" + many + "]", "'dataTypes':['" + large + "']", "'pushState':'" + large + "'"))
            refused(
                    new SocketClient(server).ask("{'@type':'WebSocketPushEnable','id':'R3'," + wrong + "}"),
                    "R3",
                    "notRequest");
    }

    @Test
    void an_id_that_is_long_is_not_said_again() throws Exception {
        String large = "R".repeat(PushDraft.LONGEST_TEXT + 1);
        refused(new SocketClient(server).ask(ECHO.replace("R1", large)), null, "notRequest");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "1", "null", "{'@type':'Request','id':1,'using':[],'methodCalls':[]}"})
    void what_has_no_id_is_refused_without(String message) throws Exception {
        refused(new SocketClient(server).ask(message), null, "notRequest");
    }

    @Test
    void a_request_without_an_id_is_answered_without() throws Exception {
        JsonNode echo = new SocketClient(server).ask(ECHO.replace("'id':'R1',", ""));
        assertThat(echo.path("@type").textValue()).isEqualTo("Response");
        assertThat(echo.has("requestId")).isFalse();
    }

    @Test
    void one_ends_with_the_account_or_its_password() throws Exception {
        SocketClient client = new SocketClient(server);
        client.ask(ECHO);
        server.open.keySet().forEach(Runnable::run);
        assertThat(client.ended.get()).isEqualTo(org.posthorn.api.http.WebSocket.POLICY_VIOLATION);
        until(() -> server.open.isEmpty());
    }

    @Test
    void one_is_open_by_what_its_client_logged_in_by() throws Exception {
        Issued app = server.tokens
                .issue(new Login.Granted(Talk.DEMO), "mark", Credential.Kind.APP_PASSWORD, "phone")
                .get();
        new SocketClient(server, "demo:" + app.secret(), "jmap").ask(ECHO);
        assertThat(server.open.values())
                .containsExactly(
                        new Entrance(Talk.DEMO, Optional.of(app.credential().id())));
    }

    /** The session of HTTP and that of the socket are one, so are the ids that it made. */
    @Test
    void the_session_has_the_same_state_as_by_http() throws Exception {
        HttpResponse<String> session = server.send(server.as("demo:secret", "/.well-known/jmap"));
        assertThat(new SocketClient(server).ask(ECHO).path("sessionState"))
                .isEqualTo(Talk.json(session.body()).path("state"));
    }

    @Test
    void fragments_are_one_message() throws Exception {
        SocketClient client = new SocketClient(server);
        String message = ECHO.replace('\'', '"');
        for (int i = 0; i < message.length(); i++)
            client.socket
                    .sendText(message.substring(i, i + 1), i == message.length() - 1)
                    .join();
        assertThat(client.next().path("requestId").textValue()).isEqualTo("R1");
    }

    @Test
    void requests_are_carried_out_side_by_side_as_many_as_an_account_may_have() throws Exception {
        SocketClient client = new SocketClient(server);
        client.say(calls("slow", "Thing/wait", "{}"));
        until(() -> server.things.waiting.get() == 1);
        assertThat(client.ask(calls("fast", "Core/echo", "{}"))
                        .path("requestId")
                        .textValue())
                .isEqualTo("fast");
        client.say(calls("slow", "Thing/wait", "{}"));
        until(() -> server.things.waiting.get() == 2);
        JsonNode third = client.ask(calls("third", "Core/echo", "{}"));
        refused(third, "third", "limit");
        assertThat(third.path("limit").textValue()).isEqualTo("maxConcurrentRequests");
        HttpResponse<String> byHttp = server.send(server.post("/jmap/api", "application/json", "{}"));
        assertThat(byHttp.body()).contains("maxConcurrentRequests");
        server.things.mayEnd.countDown();
        for (int i = 0; i < 2; i++)
            assertThat(client.next().path("requestId").textValue()).isEqualTo("slow");
        assertThat(client.ask(ECHO).path("@type").textValue()).isEqualTo("Response");
    }

    /** As many as an account may have, each begun when the answer of another has come. */
    @Test
    void an_answer_makes_room_for_the_next_request() throws Exception {
        SocketClient client = new SocketClient(server);
        client.say(ECHO);
        for (int i = 0; i < 1000; i++) {
            client.say(ECHO);
            assertThat(client.next().path("@type").textValue()).isEqualTo("Response");
        }
        assertThat(client.next().path("@type").textValue()).isEqualTo("Response");
    }

    @Test
    void who_takes_no_answers_is_not_heard_until_he_does() throws Exception {
        String large = calls("R", "Core/echo", "{'a':'" + "x".repeat(90_000) + "'}");
        int many = 1500;
        SocketClient client = new SocketClient(server);
        client.hold();
        CompletableFuture<?> said = CompletableFuture.runAsync(
                () -> {
                    for (int i = 0; i < many; i++) client.say(large);
                },
                work -> new Thread(work).start());
        // That is no matter of another client of the account.
        SocketClient other = new SocketClient(server);
        until(() -> isAnswered(other));
        assertThat(said).isNotDone();
        client.goOn();
        for (int i = 0; i < many; i++)
            assertThat(client.next().path("@type").textValue()).isIn("Response", "RequestError");
        said.join();
    }

    private static boolean isAnswered(SocketClient client) {
        try {
            return client.ask(ECHO).path("@type").textValue().equals("Response");
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void one_that_is_too_large_is_refused_and_ends_it() throws Exception {
        SocketClient client = new SocketClient(server);
        client.socket.sendText(" ".repeat(Talk.LIMITS.requestSize()), false).join();
        client.socket.sendText("  ", false).join();
        JsonNode error = client.next();
        refused(error, null, "limit");
        assertThat(error.path("limit").textValue()).isEqualTo("maxSizeRequest");
        assertThat(client.ended.join()).isEqualTo(1009);
    }

    @Test
    void what_is_long_or_deep_is_refused_and_it_stays() throws Exception {
        SocketClient client = new SocketClient(server);
        int most = Talk.LIMITS.requestSize() - 10;
        refused(client.ask("[" + "0,".repeat(most / 2 - 1) + "0]"), null, "notRequest");
        refused(client.ask("[".repeat(200)), null, "limit");
        assertThat(client.ask(ECHO).path("@type").textValue()).isEqualTo("Response");
    }

    @Test
    void what_is_not_ended_gives_its_place_back() throws Exception {
        // More than an account may have together.
        long messages = Limits.SHARE_OF_REQUESTS / Talk.LIMITS.requestSize() + 20;
        String most = " ".repeat(Talk.LIMITS.requestSize());
        for (int i = 0; i < messages; i++) {
            SocketClient client = new SocketClient(server);
            client.socket.sendText(most, false).join();
            client.socket.sendPing(ByteBuffer.allocate(0)).join();
            client.socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
            client.ended.join();
        }
        assertThat(new SocketClient(server).ask(ECHO).path("@type").textValue()).isEqualTo("Response");
    }

    private int status(Runnable handshake) {
        CompletionException failed = catchThrowableOfType(CompletionException.class, handshake::run);
        return ((WebSocketHandshakeException) failed.getCause()).getResponse().statusCode();
    }

    @Test
    void only_who_logs_in_has_one_and_only_of_this_protocol() {
        assertThat(status(() -> new SocketClient(server, "demo:wrong", "jmap"))).isEqualTo(401);
        assertThat(status(() -> new SocketClient(server, "guessed:wrong", "jmap")))
                .isEqualTo(429);
        assertThat(status(() -> new SocketClient(server, "demo:secret", "chat")))
                .isEqualTo(400);
        assertThat(status(() -> new SocketClient(server, "demo:secret", "jmap", "Origin", "https://evil.example")))
                .isEqualTo(403);
        assertThat(new SocketClient(server, "demo:secret", "jmap", "Origin", "https://mail.example.org").socket)
                .isNotNull();
        server.passwords = false;
        assertThat(status(() -> new SocketClient(server))).isEqualTo(403);
    }

    @Test
    void who_asks_for_none_is_told_that_it_is_one() throws Exception {
        HttpResponse<String> response = server.send(server.as("demo:secret", "/jmap/ws"));
        assertThat(response.statusCode()).isEqualTo(426);
        assertThat(response.headers().firstValue("Upgrade")).hasValue("websocket");
        assertThat(response.headers().firstValue("Sec-WebSocket-Version")).hasValue("13");
    }

    @Test
    void changes_are_told_once_they_are_asked_for_and_until_they_are_not() throws Exception {
        SocketClient client = new SocketClient(server);
        client.say("{'@type':'WebSocketPushEnable','dataTypes':null}");
        assertThat(client.ask(ECHO).path("@type").textValue()).isEqualTo("Response");
        assertThat(server.watching).hasSize(1);
        server.changed();
        JsonNode change = client.next();
        assertThat(change.path("@type").textValue()).isEqualTo("StateChange");
        assertThat(change.at("/changed/" + Talk.ACCOUNT + "/Thing").textValue()).isEqualTo("2");
        String heard = change.path("pushState").textValue();
        client.say("{'@type':'WebSocketPushDisable'}");
        until(() -> server.watching.isEmpty());
        server.things.state++;
        JsonNode missed = client.ask("{'@type':'WebSocketPushEnable','pushState':'" + heard + "'}");
        assertThat(missed.at("/changed/" + Talk.ACCOUNT + "/Thing").textValue()).isEqualTo("3");
        String now = missed.path("pushState").textValue();
        client.say("{'@type':'WebSocketPushEnable','dataTypes':['Thing'],'pushState':'" + now + "'}");
        assertThat(client.ask(ECHO).path("@type").textValue()).isEqualTo("Response");
        client.say("{'@type':'WebSocketPushEnable','dataTypes':['Other']}");
        assertThat(client.ask(ECHO).path("@type").textValue()).isEqualTo("Response");
        assertThat(client.hasNext()).isFalse();
        client.socket.abort();
        until(() -> server.watching.isEmpty());
    }

    @Test
    void the_oldest_makes_room_when_an_account_has_too_many() {
        List<SocketClient> clients = new ArrayList<>();
        for (int i = 0; i < 11; i++) clients.add(new SocketClient(server));
        assertThat(clients.get(0).ended.join()).isEqualTo(1008);
        assertThat(clients.subList(1, 11)).allMatch(client -> !client.ended.isDone());
    }

    @Test
    void none_lasts_longer_than_an_hour() throws Exception {
        WebServer fast = new WebServer(data.resolve("fast"), 10_000);
        try {
            assertThat(new SocketClient(fast).ended.join()).isEqualTo(1001);
        } finally {
            fast.close();
        }
    }

    @Test
    void a_message_that_drips_ends_it() throws Exception {
        WebServer fast = new WebServer(data.resolve("fast"), 300);
        try {
            SocketClient client = new SocketClient(fast);
            client.socket.sendText("{", false).join();
            assertThat(client.ended.join()).isEqualTo(1008);
        } finally {
            fast.close();
        }
    }

    private static Set<Thread> workers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("jmap-socket"))
                .collect(java.util.stream.Collectors.toSet());
    }

    @Test
    void one_that_stops_answers_what_it_has_begun_and_leaves_nothing_behind() throws Exception {
        SocketClient idle = new SocketClient(server);
        SocketClient client = new SocketClient(server);
        client.say("{'@type':'WebSocketPushEnable'}");
        client.say(calls("begun", "Thing/wait", "{}"));
        until(() -> server.things.waiting.get() == 1 && server.watching.size() == 1);
        CompletableFuture<Void> stopped =
                CompletableFuture.runAsync(server.servlet::stop, work -> new Thread(work).start());
        assertThat(idle.ended.join()).isEqualTo(1001);
        until(() -> server.watching.isEmpty());
        assertThat(client.ended).isNotDone();
        server.things.mayEnd.countDown();
        assertThat(client.next().path("requestId").textValue()).isEqualTo("begun");
        assertThat(client.ended.join()).isEqualTo(1001);
        stopped.join();
        // A pool has ended a moment before its last thread has.
        until(() -> workers().isEmpty());
    }

    /** Of a seeded chance: requests that are damaged somewhere. Each has one answer, and the connection stays. */
    @Test
    void whatever_is_said_has_one_answer() throws Exception {
        SocketClient client = new SocketClient(server);
        Random random = new Random(8887);
        String well = calls("R", "Core/echo", "{'a':[1,2.5,null,'\\u00e4']}").replace('\'', '"');
        for (int i = 0; i < 2000; i++) {
            StringBuilder text = new StringBuilder(well);
            for (int hits = random.nextInt(4); hits >= 0; hits--)
                text.setCharAt(random.nextInt(text.length()), (char) (32 + random.nextInt(96)));
            client.socket.sendText(text, true).join();
            assertThat(client.next().path("@type").textValue()).isIn("Response", "RequestError");
        }
        assertThat(client.ask(ECHO).path("@type").textValue()).isEqualTo("Response");
        assertThat(client.hasNext()).isFalse();
    }
}
