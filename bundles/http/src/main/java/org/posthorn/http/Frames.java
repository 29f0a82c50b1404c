package org.posthorn.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.posthorn.api.http.WebSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A WebSocket over Jetty's frames. One frame is asked for behind the other, so that who does not read what he is sent is not heard either. */
final class Frames implements FrameHandler, WebSocket {

    private static final Logger LOG = LoggerFactory.getLogger(Frames.class);

    /** So long is waited for a client's own close, RFC 6455 7.1.1. */
    private static final int CLOSING_SECONDS = 5;

    private final AtomicReference<Listener> listener;
    private final Duration idle;
    private final Scheduler clock;
    private final Utf8 text = new Utf8();
    private final AtomicInteger sending = new AtomicInteger();

    private volatile boolean heard = true;
    /** Its listener is at a part of a text, and the client is not heard until it has done. */
    private volatile boolean listening;

    private volatile boolean over;
    private CoreSession session;

    /** @param idle how long a client may be silent: it is asked twice as often */
    Frames(Listener listener, Duration idle, Scheduler clock) {
        this.listener = new AtomicReference<>(listener);
        this.idle = idle;
        this.clock = clock;
    }

    @Override
    public void onOpen(CoreSession opened, Callback callback) {
        session = opened;
        listener.get().opened(this);
        callback.succeeded();
        beatLater();
        session.demand();
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
        heard = true;
        switch (frame.getOpCode()) {
            case OpCode.TEXT, OpCode.CONTINUATION -> text(frame, callback);
            case OpCode.BINARY -> refuse(CloseStatus.BAD_DATA, "Only text is taken", callback);
            case OpCode.PING -> send(new Frame(OpCode.PONG, BufferUtil.copy(frame.getPayload())), goingOn(callback));
            case OpCode.CLOSE -> callback.succeeded();
            default -> goingOn(callback).succeeded();
        }
    }

    private void text(Frame frame, Callback callback) {
        Listener one = listener.get();
        ByteBuffer part = frame.getPayload();
        if (one == null) goingOn(callback).succeeded();
        else if (text.takes(part.slice(), frame.isFin())) hear(one, part.slice(), frame.isFin(), callback);
        else refuse(CloseStatus.BAD_PAYLOAD, "The text is no UTF-8", callback);
    }

    private void hear(Listener one, ByteBuffer part, boolean last, Callback callback) {
        listening = true;
        one.text(part, last).whenComplete((done, broken) -> {
            listening = false;
            if (broken != null) end(CloseStatus.SERVER_ERROR, "Something on the server is broken");
            goingOn(callback).succeeded();
        });
    }

    /** What comes behind is read and thrown away, as the client's close may be among it. */
    private void refuse(int code, String reason, Callback callback) {
        end(code, reason);
        goingOn(callback).succeeded();
    }

    private void end(int code, String reason) {
        Listener one = listener.getAndSet(null);
        if (one == null) return;
        closeNow(code, reason);
        one.closed();
    }

    private Callback goingOn(Callback callback) {
        return Callback.from(
                () -> {
                    callback.succeeded();
                    session.demand();
                },
                callback::failed);
    }

    private void send(Frame frame, Callback callback) {
        sending.incrementAndGet();
        session.sendFrame(frame, Callback.from(callback, sending::decrementAndGet), false);
    }

    @Override
    public CompletionStage<Void> send(byte[] message) {
        Callback.Completable sent = new Callback.Completable();
        send(new Frame(OpCode.TEXT, ByteBuffer.wrap(message)), sent);
        return sent;
    }

    @Override
    public CompletionStage<Void> close(int code, String reason) {
        return listener.getAndSet(null) == null ? CompletableFuture.completedFuture(null) : closeNow(code, reason);
    }

    private CompletionStage<Void> closeNow(int code, String reason) {
        Callback.Completable sent = new Callback.Completable();
        session.close(code, reason, sent);
        clock.schedule(session::abort, CLOSING_SECONDS, TimeUnit.SECONDS);
        return sent.exceptionally(gone -> null);
    }

    private void beatLater() {
        clock.schedule(this::beat, idle.toMillis() / 2, TimeUnit.MILLISECONDS);
    }

    /** A client that is there answers a ping before the next one, unless something else is on its way to him. That it takes what is sent to it the socket's own timeout sees to. */
    private void beat() {
        if (over) return;
        boolean free = sending.get() == 0;
        if (!heard && !listening && free) {
            LOG.debug("Who had a WebSocket does not answer: {}", session);
            session.abort();
            return;
        }
        if (free) {
            heard = false;
            send(new Frame(OpCode.PING), Callback.NOOP);
        }
        beatLater();
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
        LOG.debug("A WebSocket ends: {}", cause.toString());
        callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
        over = true;
        Listener one = listener.getAndSet(null);
        if (one != null) one.closed();
        callback.succeeded();
    }
}
