package org.posthorn.jmap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;

/**
 * Speaks to push services, RFC 8030 5: over TLS alone, to public addresses unless told otherwise, and hears no more of an answer than its head. Who lets it wait holds no thread. Safe for several
 * threads.
 */
final class PushClient implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final Duration LONGEST_PAUSE = Duration.ofDays(1);

    /** Requests at a time, and so connections. */
    private static final int MOST = 200;

    /** Threads for connections and their answers, on which nobody waits: what takes its time in DNS is not done there. */
    private static final int ANSWERING = 2;

    private static final int IDLE_SECONDS = 30;

    /** A client that is broken, as one whose thread had no memory, serves nobody for longer. */
    private static final Duration LIFE = Duration.ofHours(1);

    private final SSLContext trust;
    private final BooleanSupplier toPrivate;
    private final Clock clock;
    private final ThreadPoolExecutor answering = new ThreadPoolExecutor(
            ANSWERING, ANSWERING, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), PushClient::thread);
    private final Set<CompletableFuture<?>> outstanding = ConcurrentHashMap.newKeySet();
    private HttpClient http;
    private Instant replaced = Instant.MAX;
    private boolean closed;

    /**
     * @param trust by which services are known
     * @param toPrivate whether they may be anywhere
     * @param clock by which the connections are not kept for ever
     */
    PushClient(SSLContext trust, BooleanSupplier toPrivate, Clock clock) {
        this.trust = trust;
        this.toPrivate = toPrivate;
        this.clock = clock;
        answering.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "jmap-push-answers");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * What a service answered.
     *
     * @param pause for how long it wants nothing more; zero when it does not say
     */
    record Answer(int status, Duration pause) {}

    /** It may not be spoken to. */
    static final class Forbidden extends IOException {
        private static final long serialVersionUID = 1;

        Forbidden(String message) {
            super(message);
        }
    }

    /** Whether it has enough to do. */
    boolean busy() {
        return outstanding.size() >= MOST;
    }

    /**
     * Looks where a URL leads, which takes as long as DNS does, and is done wherever it may lead: so nobody has to wait for DNS where answers are taken. What connects behind this asks anew, and gets the same from the JVM, which keeps an answer for 30 seconds unless it is told otherwise;
     * and whoever answers must have a certificate for the name.
     *
     * @throws Forbidden when it is not there for everybody
     * @throws IOException when it cannot be told
     */
    void look(URI resource) throws IOException {
        for (InetAddress address : InetAddress.getAllByName(resource.getHost()))
            if (!toPrivate.getAsBoolean() && !PublicAddress.is(address))
                throw new Forbidden(resource.getHost() + " leads to an address that is not public");
    }

    /** Sends a message; the answer comes on another thread, which it must not hold up, and so does an IOException in its place. */
    CompletionStage<Answer> post(URI resource, Map<String, String> header, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(resource).timeout(ANSWER);
        header.forEach(request::setHeader);
        request.POST(HttpRequest.BodyPublishers.ofByteArray(body));
        CompletableFuture<HttpResponse<Void>> sent;
        synchronized (this) {
            if (closed) return CompletableFuture.failedFuture(new IOException("nothing is pushed any more"));
            sent = http().sendAsync(request.build(), head -> new HeadAlone());
            outstanding.add(sent);
        }
        return sent.whenComplete((r, e) -> outstanding.remove(sent))
                .thenApply(r -> new Answer(r.statusCode(), pause(r.headers())));
    }

    /** Its thread begins with the first message, and ends behind the last when another client has come in its place. */
    private HttpClient http() {
        Instant now = clock.instant();
        if (http != null && now.isBefore(replaced)) return http;
        replaced = now.plus(LIFE);
        http = HttpClient.newBuilder()
                // A JVM of version 17 never closes a connection of HTTP/2 that nobody uses.
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(trust)
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(answering)
                .build();
        return http;
    }

    /** RFC 9110 10.2.3. */
    private static Duration pause(HttpHeaders header) {
        String value = header.firstValue("Retry-After").orElse("0").strip();
        Duration asked = value.matches("[0-9]{1,9}") ? Duration.ofSeconds(Long.parseLong(value)) : until(value);
        if (asked.isNegative()) return Duration.ZERO;
        return asked.compareTo(LONGEST_PAUSE) < 0 ? asked : LONGEST_PAUSE;
    }

    private static Duration until(String date) {
        try {
            ZonedDateTime at = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME);
            return Duration.between(Instant.now(), at.toInstant());
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }

    /** What comes behind the head is nothing to us: the connection of one who sends more is given up. */
    private static final class HeadAlone implements HttpResponse.BodySubscriber<Void> {

        @Override
        public CompletionStage<Void> getBody() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.cancel();
        }

        @Override
        public void onNext(List<ByteBuffer> octets) {
            // It is cancelled.
        }

        @Override
        public void onError(Throwable error) {
            // The answer is there.
        }

        @Override
        public void onComplete() {
            // The answer is there.
        }
    }

    /** Ends what is under way. The client's own thread ends when it is collected; from Java 21 on, where it can be closed, at once. */
    @Override
    public void close() {
        Object last;
        synchronized (this) {
            closed = true;
            last = http;
            http = null;
        }
        outstanding.forEach(sent -> sent.cancel(true));
        if (last instanceof AutoCloseable client) close(client);
        answering.shutdown();
    }

    private static void close(AutoCloseable client) {
        try {
            client.close();
        } catch (Exception e) {
            throw new IllegalStateException("a client of HTTP that cannot be closed", e);
        }
    }
}
