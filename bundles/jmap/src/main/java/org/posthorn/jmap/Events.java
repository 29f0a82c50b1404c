package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.AsyncContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.posthorn.api.users.Login;

/** Push by event source, RFC 8620 7.3. An idle stream holds no thread. When this version of the bundle goes the streams end, and clients come back to the next. */
final class Events implements Resource {

    /** Those of an account. */
    static final int STREAMS = 10;
    /** That nobody is there any more is told by the socket only when something is written to it. */
    private static final int BEAT_MILLIS = 45_000;
    /** Who comes back logs in anew: so long hears a token, or an app password, that was revoked. */
    static final int LIFE_MILLIS = 3_600_000;

    private final Services services;
    private final ScheduledExecutorService clock;
    private final Newest<Opened> newest = new Newest<>(STREAMS);
    private final Set<Opened> streams = ConcurrentHashMap.newKeySet();
    private final Runnable unlisten;

    /** @param clock of one thread, on which all is looked at, and which waits for whom that asks */
    Events(Services services, ScheduledExecutorService clock) {
        this.services = services;
        this.clock = clock;
        unlisten = services.stores().onChange(() -> later(this::watchAnew));
    }

    @Override
    public List<String> methods() {
        return List.of("GET");
    }

    @Override
    public void serve(Exchange exchange) throws IOException, Refused {
        EventRequest request = EventRequest.of(exchange.request());
        exchange.response().setContentType("text/event-stream");
        exchange.response().setCharacterEncoding("UTF-8");
        exchange.response().setHeader("Cache-Control", "no-store");
        exchange.response().setHeader("X-Accel-Buffering", "no");
        if (exchange.request().getMethod().equals("HEAD")) return;
        AsyncContext async = exchange.request().startAsync();
        async.setTimeout(0);
        new Opened(exchange.login(), request).begin(async);
    }

    private void watchAnew() {
        streams.forEach(opened -> {
            opened.subscriber.watch();
            opened.subscriber.look();
        });
    }

    private void later(Runnable work) {
        try {
            clock.execute(work);
        } catch (RejectedExecutionException e) {
            // The streams have ended, or are about to.
            return;
        }
    }

    /** Ends all. */
    void close() {
        unlisten.run();
        streams.forEach(opened -> opened.stream.end());
        // The clock that would do so may end before it comes to it.
        streams.forEach(opened -> opened.subscriber.stopWatching());
    }

    /** One stream with what goes with it. */
    private final class Opened {
        private final Login.Granted login;
        private final EventRequest request;
        private final List<Future<?>> timers = new ArrayList<>();
        private EventStream stream;
        private EventSubscriber subscriber;
        private Runnable leave = () -> {};

        Opened(Login.Granted login, EventRequest request) {
            this.login = login;
            this.request = request;
        }

        synchronized void begin(AsyncContext async) throws IOException {
            stream = new EventStream(async, () -> later(this::forget));
            Gathering news = new Gathering(clock, () -> subscriber.look());
            subscriber = new EventSubscriber(login.account(), request::wants, this::tell, services, news);
            try {
                async.getResponse().getOutputStream().setWriteListener(stream);
                streams.add(this);
                leave = services.logins().enter(login.entrance(), stream::end);
                newest.enter(login.account(), this).ifPresent(oldest -> oldest.stream.end());
                later(this::greet);
                every(BEAT_MILLIS, ":\n\n");
                long ping = request.ping().toMillis();
                if (ping > 0)
                    every(
                            ping,
                            "event: ping\ndata: {\"interval\":" + request.ping().toSeconds() + "}\n\n");
                timers.add(clock.schedule(stream::end, LIFE_MILLIS, TimeUnit.MILLISECONDS));
            } catch (IOException | RuntimeException e) {
                forget();
                throw e;
            }
        }

        /** What says nothing is a comment, which is no event to anybody. */
        private void greet() {
            if (!subscriber.begin(request.lastEventId())) stream.send(": hello\n\n");
        }

        private void tell(ObjectNode change, String id) {
            String event = "event: state\nid: " + id + "\ndata: " + change + "\n\n";
            if (request.closeAfter()) stream.sendLast(event);
            else stream.send(event);
        }

        private void every(long millis, String event) {
            timers.add(clock.scheduleWithFixedDelay(
                    () -> stream.sendIfIdle(event), millis, millis, TimeUnit.MILLISECONDS));
        }

        private synchronized void forget() {
            streams.remove(this);
            leave.run();
            newest.leave(login.account(), this);
            subscriber.stopWatching();
            timers.forEach(timer -> timer.cancel(false));
        }
    }
}
