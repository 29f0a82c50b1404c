package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import org.posthorn.api.http.WebSocket;
import org.posthorn.api.mail.Address;

/** Push by a WebSocket, RFC 8887 4.3.5: on the clock alone. Who takes nothing is told the newest state when he does. Safe for several threads. */
final class SocketPush {

    private final WebSocket socket;
    private final Address user;
    private final Services services;
    private final ScheduledExecutorService clock;
    private volatile CompletionStage<Void> sent = CompletableFuture.completedFuture(null);
    private volatile EventSubscriber subscriber;
    private volatile boolean over;
    private boolean again;

    SocketPush(WebSocket socket, Address user, Services services, ScheduledExecutorService clock) {
        this.socket = socket;
        this.user = user;
        this.services = services;
        this.clock = clock;
    }

    /** @return ends when it is so, and what the client missed has been sent */
    CompletionStage<Void> enable(SocketMessage.PushEnable wanted) {
        return later(() -> begin(wanted)).thenCompose(begun -> sent.exceptionally(gone -> null));
    }

    CompletionStage<Void> disable() {
        return later(this::forget);
    }

    /** For good. */
    void stop() {
        over = true;
        forget();
    }

    /** Other mailboxes may have come in the place of those that were. */
    void watchAnew() {
        EventSubscriber now = subscriber;
        if (now == null) return;
        now.watch();
        look();
    }

    private void begin(SocketMessage.PushEnable wanted) {
        forget();
        EventSubscriber next =
                new EventSubscriber(user, wanted::wants, this::tell, services, new Gathering(clock, this::look));
        subscriber = next;
        if (over) forget();
        else next.begin(wanted.pushState());
    }

    private void forget() {
        EventSubscriber before = subscriber;
        subscriber = null;
        if (before != null) before.stopWatching();
    }

    private void look() {
        EventSubscriber now = subscriber;
        again = !sent.toCompletableFuture().isDone();
        if (now != null && !again) now.look();
    }

    private void tell(ObjectNode change, String id) {
        change.put("pushState", id);
        sent = socket.send(change.toString().getBytes(StandardCharsets.UTF_8));
        sent.whenComplete((done, gone) -> later(this::lookAgain));
    }

    private void lookAgain() {
        if (again) look();
    }

    private CompletionStage<Void> later(Runnable work) {
        try {
            return CompletableFuture.runAsync(work, clock);
        } catch (RejectedExecutionException ending) {
            return CompletableFuture.completedFuture(null);
        }
    }
}
