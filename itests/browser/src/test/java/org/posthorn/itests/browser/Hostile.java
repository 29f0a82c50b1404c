package org.posthorn.itests.browser;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What {@code hostile.txt} has, and the server elsewhere that all of it wants to reach. To be closed by who made it. */
final class Hostile implements AutoCloseable {

    /** Tells whatever window it runs in, the page around it, and the server elsewhere. */
    private static final String CALL =
            "window.hit=(window.hit||0)+1,top.hit=(top.hit||0)+1,parent.hit=1,fetch(`REMOTE/script`),new Image().src=`REMOTE/script`";

    private final Queue<String> fetched = new ConcurrentLinkedQueue<>();
    private final Map<String, String> cases = new LinkedHashMap<>();
    private final HttpServer elsewhere;

    Hostile() throws IOException {
        elsewhere = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        elsewhere.createContext("/", this::answer);
        elsewhere.start();
        read();
    }

    private void answer(HttpExchange exchange) throws IOException {
        fetched.add(exchange.getRequestURI().toString());
        byte[] page = "<img src=/control.png><script>fetch('/control')</script>".getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/html");
        exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
        exchange.sendResponseHeaders(200, page.length);
        exchange.getResponseBody().write(page);
        exchange.close();
    }

    private void read() throws IOException {
        try (InputStream in = getClass().getResourceAsStream("/hostile.txt")) {
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String one : all.split("(?m)^--- ")) {
                int end = one.indexOf('\n');
                if (end > 0) cases.put(one.substring(0, end), filled(one.substring(end + 1)));
            }
        }
    }

    private String filled(String html) {
        return html.replace("HIT", CALL)
                .replace("REMOTE", url())
                .replace("PORT", url().substring(url().lastIndexOf(':') + 1))
                .replace("DEEP", "<div>".repeat(3000))
                .replace("ADOPT", "<b><i><a href='https://far.test/'>".repeat(300))
                .replace("TABLES", "<table><tr><td>".repeat(500))
                .replace("MANY", "a=b ".repeat(3000));
    }

    /** HTML by the name of the case, in order. */
    Map<String, String> cases() {
        return cases;
    }

    /** Where the server elsewhere is, without a slash at the end. */
    String url() {
        return "http://127.0.0.1:" + elsewhere.getAddress().getPort();
    }

    /** What was asked for there; to be cleared by who looks. */
    Queue<String> fetched() {
        return fetched;
    }

    @Override
    public void close() {
        elsewhere.stop(0);
    }
}
