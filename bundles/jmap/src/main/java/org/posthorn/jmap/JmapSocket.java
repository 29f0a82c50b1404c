package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.posthorn.api.http.WebSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket of somebody who has logged in, RFC 8887 4. Requests are carried out side by side, as many as the account may have; a client that has not taken
 * as many answers is not heard until it does. Safe for several threads.
 */
final class JmapSocket implements WebSocket.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(JmapSocket.class);
    private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);
    private static final Problem BROKEN = Problem.plain(500, "Something on the server is broken; its log says what");

    private record End(int code, String reason) {}

    private final Asker asker;
    private final String base;
    private final Requests requests;
    private final Services services;
    private final Executor workers;
    private final ScheduledExecutorService clock;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private volatile WebSocket socket;
    private volatile SocketPush push;
    private Incoming incoming;
    private Incoming slow;
    private int running;
    private CompletableFuture<Void> fewer;
    private End end;

    /**
     * @param base the server as the client is to name it
     * @param workers on which requests are carried out
     * @param clock of one thread, on which is looked for changes
     */
    JmapSocket(
            Asker asker,
            String base,
            Requests requests,
            Services services,
            Executor workers,
            ScheduledExecutorService clock) {
        this.asker = asker;
        this.base = base;
        this.requests = requests;
        this.services = services;
        this.workers = workers;
        this.clock = clock;
    }

    /** A message that comes. */
    private static final class Incoming {
        private final Room.Held room;
        private final Body body;
        private int sinceBeat;

        Incoming(Room.Held room) {
            this.room = room;
            body = Body.empty(room);
        }
    }

    /** Ends when it is over, whoever ended it. */
    CompletableFuture<Void> gone() {
        return gone;
    }

    @Override
    public synchronized void opened(WebSocket one) {
        socket = one;
        push = new SocketPush(one, asker.user(), services, clock);
        closeIfDone();
    }

    @Override
    public CompletionStage<Void> text(ByteBuffer part, boolean last) {
        Optional<Incoming> whole;
        try {
            whole = add(part, last);
        } catch (Refused refused) {
            return tooMuch(refused.problem());
        }
        return whole.map(this::message).orElse(DONE);
    }

    /** @return what is whole now */
    private synchronized Optional<Incoming> add(ByteBuffer part, boolean last) throws Refused {
        if (end != null) return Optional.empty();
        if (incoming == null) incoming = new Incoming(requests.room(asker.user()));
        Incoming now = incoming;
        try {
            now.sinceBeat += part.remaining();
            now.body.add(part, requests.limits().requestSize());
        } catch (Refused refused) {
            drop();
            throw refused;
        }
        if (!last) return Optional.empty();
        incoming = null;
        return Optional.of(now);
    }

    private void drop() {
        if (incoming == null) return;
        incoming.body.close();
        incoming.room.close();
        incoming = null;
    }

    /** Nobody knows where the next message begins for as long as this one comes: so it is told, and that was it. */
    private CompletionStage<Void> tooMuch(Problem problem) {
        int code = problem.equals(Body.NO_ROOM) ? WebSocket.TRY_AGAIN_LATER : WebSocket.TOO_BIG;
        return refuse(problem, Optional.empty()).whenComplete((told, lost) -> end(code, problem.detail()));
    }

    private CompletionStage<Void> message(Incoming whole) {
        Optional<String> id = Optional.empty();
        try {
            JsonNode json = json(whole);
            id = SocketMessage.id(json);
            return take(SocketMessage.of(json), whole.room);
        } catch (Refused refused) {
            whole.room.close();
            return refuse(refused.problem(), id);
        }
    }

    private static JsonNode json(Incoming whole) throws Refused {
        try (Body body = whole.body) {
            return Requests.json(body, whole.room);
        }
    }

    private CompletionStage<Void> take(SocketMessage message, Room.Held room) throws Refused {
        if (message instanceof SocketMessage.Calls calls) return begin(calls, room);
        room.close();
        return message instanceof SocketMessage.PushEnable wanted ? push.enable(wanted) : push.disable();
    }

    private CompletionStage<Void> begin(SocketMessage.Calls calls, Room.Held room) throws Refused {
        Turns.Turn turn = requests.turn(asker.user());
        if (!mayBegin()) {
            turn.close();
            room.close();
            return DONE;
        }
        workers.execute(() -> answer(calls, room, turn));
        return fewer();
    }

    /** Who does not take his answers is not heard. */
    private synchronized CompletionStage<Void> fewer() {
        if (running <= requests.limits().requests()) return DONE;
        fewer = new CompletableFuture<>();
        return fewer;
    }

    private synchronized boolean mayBegin() {
        if (end != null) return false;
        running++;
        return true;
    }

    private void answer(SocketMessage.Calls calls, Room.Held room, Turns.Turn turn) {
        CompletionStage<Void> sent = DONE;
        try {
            sent = socket.send(carriedOut(calls, room, turn));
        } finally {
            sent.whenComplete((taken, lost) -> {
                room.close();
                done();
            });
        }
    }

    /** Its turn ends before the client can have the answer, and send the next. */
    private byte[] carriedOut(SocketMessage.Calls calls, Room.Held room, Turns.Turn turn) {
        try (turn) {
            return text(calls, room);
        }
    }

    private byte[] text(SocketMessage.Calls calls, Room.Held room) {
        try {
            ObjectNode answer = requests.answer(asker, base, calls.request(), room);
            answer.put("@type", "Response");
            calls.id().ifPresent(id -> answer.put("requestId", id));
            return Json.octets(answer);
        } catch (Refused refused) {
            return error(refused.problem(), calls.id());
        } catch (IOException | RuntimeException broken) {
            LOG.error("A request of {} failed", asker.user(), broken);
            return error(BROKEN, calls.id());
        }
    }

    private CompletionStage<Void> refuse(Problem problem, Optional<String> id) {
        // Who is gone is told by the socket.
        return socket.send(error(problem, id)).exceptionally(lost -> null);
    }

    /** RFC 8887 4.3.4. */
    private static byte[] error(Problem problem, Optional<String> id) {
        try {
            ObjectNode json = problem.json().put("@type", "RequestError");
            return Json.octets(json.put("requestId", id.orElse(null)));
        } catch (IOException e) {
            throw new UncheckedIOException("a tree can be written", e);
        }
    }

    private void done() {
        CompletableFuture<Void> waiting;
        synchronized (this) {
            running--;
            waiting = fewer;
            fewer = null;
            closeIfDone();
        }
        if (waiting != null) waiting.complete(null);
    }

    /** Nothing more is taken; what has been begun is answered, and then it is closed. */
    void end(int code, String reason) {
        if (!leave(new End(code, reason))) return;
        synchronized (this) {
            closeIfDone();
        }
    }

    private void closeIfDone() {
        if (end != null && running == 0) closeNow();
    }

    /** Closes it whatever has not been answered; {@link #end} comes before. */
    synchronized void closeNow() {
        if (socket == null) gone.complete(null);
        else socket.close(end.code, end.reason).whenComplete((sent, lost) -> gone.complete(null));
    }

    @Override
    public void closed() {
        leave(new End(WebSocket.GOING_AWAY, ""));
        gone.complete(null);
    }

    /** @return whether it is this call that ends it */
    private boolean leave(End why) {
        synchronized (this) {
            if (end != null) return false;
            end = why;
            drop();
        }
        if (push != null) push.stop();
        return true;
    }

    /** Once a minute: a message that drips keeps its place from others, as {@link Paced} has it. */
    void beat() {
        boolean drips;
        synchronized (this) {
            drips = incoming != null && incoming == slow && incoming.sinceBeat < Paced.LEAST_IN_A_MINUTE;
            slow = incoming;
            if (slow != null) slow.sinceBeat = 0;
        }
        if (drips) end(WebSocket.POLICY_VIOLATION, Paced.PROBLEM.detail());
    }

    /** On the clock. */
    void watchAnew() {
        if (push != null) push.watchAnew();
    }
}
