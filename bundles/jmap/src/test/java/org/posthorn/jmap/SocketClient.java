package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** JMAP by a WebSocket of the JDK. Quotes may be single ones. */
final class SocketClient implements WebSocket.Listener {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    final CompletableFuture<Integer> ended = new CompletableFuture<>();
    final WebSocket socket;
    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    private volatile boolean held;
    private final StringBuilder text = new StringBuilder();

    SocketClient(WebServer server) {
        this(server, "demo:secret", "jmap");
    }

    SocketClient(WebServer server, String credentials, String subprotocol, String... headers) {
        String basic = Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        WebSocket.Builder builder = HTTP.newWebSocketBuilder()
                .header("Authorization", "Basic " + basic)
                .subprotocols(subprotocol);
        for (int i = 0; i < headers.length; i += 2) builder.header(headers[i], headers[i + 1]);
        socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + server.port() + "/jmap/ws"), this)
                .join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket one, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            texts.add(text.toString());
            text.setLength(0);
        }
        if (!held) one.request(1);
        return null;
    }

    /** Takes nothing any more, but for one text. */
    void hold() {
        held = true;
    }

    void goOn() {
        held = false;
        socket.request(1);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket one, int code, String reason) {
        ended.complete(code);
        return null;
    }

    @Override
    public void onError(WebSocket one, Throwable error) {
        ended.completeExceptionally(error);
    }

    void say(String message) {
        socket.sendText(message.replace('\'', '"'), true).join();
    }

    /** The next message. */
    JsonNode next() throws IOException, InterruptedException {
        String next = texts.poll(60, TimeUnit.SECONDS);
        if (next == null) throw new AssertionError("nothing comes");
        return Json.read(next.getBytes(StandardCharsets.UTF_8), Limits.VALUES);
    }

    JsonNode ask(String message) throws IOException, InterruptedException {
        say(message);
        return next();
    }

    boolean hasNext() {
        return !texts.isEmpty();
    }
}
