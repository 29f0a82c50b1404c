package org.posthorn.lab;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The same picture as a page, on loopback: what happens comes to it by EventSource. */
final class Page implements Closeable {

    private static final Map<String, String> FILES = Map.of(
            "/", "text/html; charset=utf-8",
            "/lab.css", "text/css; charset=utf-8",
            "/lab.js", "text/javascript; charset=utf-8");
    private static final int MOST_WATCHERS = 16;
    private static final int FILE_WORKERS = 4;
    private static final int PULSE_SECONDS = 10;

    private final HttpServer server;
    private final ExecutorService workers = Executors.newFixedThreadPool(MOST_WATCHERS + FILE_WORKERS, work -> {
        Thread thread = new Thread(work, "lab-page");
        thread.setDaemon(true);
        return thread;
    });
    private final Semaphore watchers = new Semaphore(MOST_WATCHERS);
    private final Journey journey;

    Page(Journey journey) throws IOException {
        this.journey = journey;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.setExecutor(workers);
        server.createContext("/", this::answer);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders()
                    .set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'");
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            String path = exchange.getRequestURI().getPath();
            // A page of elsewhere whose name leads here is not to read along.
            if (!ours(exchange.getRequestHeaders().getFirst("Host"))) exchange.sendResponseHeaders(421, -1);
            else if (!exchange.getRequestMethod().equals("GET")) exchange.sendResponseHeaders(405, -1);
            else if (path.equals("/happenings")) watch(exchange);
            else if (FILES.containsKey(path)) file(exchange, path);
            else exchange.sendResponseHeaders(404, -1);
        }
    }

    private static void file(HttpExchange exchange, String path) throws IOException {
        String name = path.equals("/") ? "lab.html" : path.substring(1);
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            byte[] octets = in.readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", FILES.get(path));
            exchange.sendResponseHeaders(200, octets.length);
            exchange.getResponseBody().write(octets);
        }
    }

    private boolean ours(String host) {
        int port = server.getAddress().getPort();
        return ("127.0.0.1:" + port).equals(host) || ("localhost:" + port).equals(host);
    }

    private void watch(HttpExchange exchange) throws IOException {
        if (!watchers.tryAcquire()) {
            exchange.sendResponseHeaders(503, -1);
            return;
        }
        try {
            happenings(exchange);
        } finally {
            watchers.release();
        }
    }

    /** All that has happened and will, until the browser goes. */
    private void happenings(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(200, 0);
        BlockingQueue<Happening> news = new LinkedBlockingQueue<>();
        Consumer<Happening> watcher = news::add;
        try (OutputStream out = exchange.getResponseBody()) {
            write(out, "event: stations\ndata: " + stations());
            journey.watch(watcher);
            while (true) {
                Happening one = news.poll(PULSE_SECONDS, TimeUnit.SECONDS);
                // One that has gone is noticed by this.
                write(out, one == null ? ":" : "data: " + json(one));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            journey.unwatch(watcher);
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write((text + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static String stations() {
        return Stream.of(Hop.values())
                .map(h -> "{\"hop\":\"" + h + "\",\"title\":" + quoted(h.title) + ",\"place\":" + quoted(h.place)
                        + ",\"meaning\":" + quoted(h.meaning) + "}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String json(Happening one) {
        String rest = "";
        if (one instanceof Happening.Said said)
            rest = ",\"from\":\"" + said.from() + "\",\"text\":" + quoted(said.text());
        else if (one instanceof Happening.Passed passed) rest = ",\"note\":" + quoted(passed.note());
        return "{\"what\":\"" + one.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT) + "\",\"hop\":\""
                + one.hop() + "\",\"at\":" + one.at().toEpochMilli() + rest + "}";
    }

    /** RFC 8259 7; control characters have been taken out before. */
    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
