package org.posthorn.jmap;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.posthorn.api.http.WebSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where WebSockets begin, RFC 8887 4.2. An idle one holds no thread. When this version of the bundle goes they end, each behind the answers that it has begun, and
 * clients come back to the next.
 */
final class SocketResource implements Resource {

    private static final Logger LOG = LoggerFactory.getLogger(SocketResource.class);

    private static final String SUBPROTOCOL = "jmap";
    private static final int BEAT_SECONDS = 60;
    /** Of all clients together; one account has as many requests at a time as it may. */
    private static final int WORKERS = 64;

    private static final int WORKER_IDLE_SECONDS = 10;
    /** So long a request may take that has been begun when all ends. */
    private static final int LAST_REQUEST_SECONDS = 30;
    /** So long a client may take for its last answers. */
    private static final int LAST_ANSWER_SECONDS = 10;

    private static final int CLOSE_SECONDS = 1;

    private final Requests requests;
    private final Services services;
    private final ScheduledExecutorService clock;
    private final ThreadPoolExecutor workers;
    private final Newest<JmapSocket> newest = new Newest<>(Events.STREAMS);
    private final Set<JmapSocket> sockets = ConcurrentHashMap.newKeySet();
    private final Runnable unlisten;

    /** @param clock of one thread, on which is looked for changes, and which waits for whom that asks */
    SocketResource(Requests requests, Services services, ScheduledExecutorService clock) {
        this.requests = requests;
        this.services = services;
        this.clock = clock;
        workers = new ThreadPoolExecutor(
                WORKERS,
                WORKERS,
                WORKER_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                SocketResource::thread);
        workers.allowCoreThreadTimeOut(true);
        unlisten = services.stores().onChange(this::watchAnew);
        clock.scheduleWithFixedDelay(this::beat, BEAT_SECONDS, BEAT_SECONDS, TimeUnit.SECONDS);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "jmap-socket");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public List<String> methods() {
        return List.of("GET");
    }

    @Override
    public void serve(Exchange exchange) throws IOException, Refused {
        if (!(exchange.request().getAttribute(WebSocket.OFFER) instanceof WebSocket.Offer offer)) {
            // RFC 9110 15.5.22, RFC 6455 4.4.
            exchange.response().setHeader("Upgrade", "websocket");
            exchange.response().setHeader("Sec-WebSocket-Version", "13");
            throw new Refused(Problem.plain(426, "This is a WebSocket"));
        }
        if (!offer.subprotocols().contains(SUBPROTOCOL))
            throw new Refused(Problem.plain(400, "The subprotocol of this WebSocket is " + SUBPROTOCOL));
        JmapSocket socket = new JmapSocket(exchange.asker(), exchange.base(), requests, services, workers, clock);
        enter(exchange, socket);
        try {
            offer.accept(SUBPROTOCOL, socket);
        } catch (IOException | RuntimeException e) {
            socket.closed();
            throw e;
        }
    }

    private void enter(Exchange exchange, JmapSocket socket) {
        Future<?> life = clock.schedule(
                () -> socket.end(WebSocket.GOING_AWAY, "Log in anew"), Events.LIFE_MILLIS, TimeUnit.MILLISECONDS);
        Runnable leave = services.logins()
                .enter(
                        exchange.login().entrance(),
                        () -> socket.end(WebSocket.POLICY_VIOLATION, "The login by which this is open has ended"));
        sockets.add(socket);
        socket.gone().thenRun(() -> {
            life.cancel(false);
            leave.run();
            sockets.remove(socket);
            newest.leave(exchange.user(), socket);
        });
        newest.enter(exchange.user(), socket)
                .ifPresent(oldest -> oldest.end(WebSocket.POLICY_VIOLATION, "Another one has come in its place"));
    }

    private void beat() {
        sockets.forEach(JmapSocket::beat);
    }

    private void watchAnew() {
        try {
            clock.execute(() -> sockets.forEach(JmapSocket::watchAnew));
        } catch (RejectedExecutionException ending) {
            LOG.debug("The WebSockets have ended, or are about to");
        }
    }

    /** Ends all, each behind what it has begun; comes back when that is done, or its time is over. */
    void close() {
        unlisten.run();
        sockets.forEach(socket -> socket.end(WebSocket.GOING_AWAY, "This part of the server is being replaced"));
        workers.shutdown();
        try {
            if (!workers.awaitTermination(LAST_REQUEST_SECONDS, TimeUnit.SECONDS)) workers.shutdownNow();
            awaitGone(LAST_ANSWER_SECONDS);
            sockets.forEach(JmapSocket::closeNow);
            awaitGone(CLOSE_SECONDS);
        } catch (InterruptedException e) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private void awaitGone(int seconds) throws InterruptedException {
        CompletableFuture<?>[] all = sockets.stream().map(JmapSocket::gone).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(all).get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("Some clients take their last answers slowly");
        }
    }
}
