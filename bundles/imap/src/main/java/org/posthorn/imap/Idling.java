package org.posthorn.imap;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.posthorn.imap.command.CommandTable;

/** A client in IDLE, RFC 2177: it is told news as they come, and no faster than it takes them. Holds no thread. */
public final class Idling implements Talk {

    /** Routers that hide a network forget a silent connection, some in less than five minutes (RFC 5382 5 asks for two hours). */
    private static final Duration STILL_HERE = Duration.ofMinutes(2);

    private final Session session;
    private final Request request;
    private CompletionStage<Void> silence = CompletableFuture.completedFuture(null);
    private boolean ended;

    private Idling(Session session, Request request) {
        this.session = session;
        this.request = request;
    }

    /** Begins; the client is told to wait. */
    public static Answer begin(Session session, Request request) {
        session.connection().send("+ idling\r\n");
        new Idling(session, request).go();
        session.watching().beginIdle();
        return Answer.LATER;
    }

    static void resume(Session session, String tag) {
        Request request = new Request(tag, CommandTable.find("IDLE"), false, new Arguments("", List.of(), session));
        new Idling(session, request).go();
        session.watching().resumeIdle();
    }

    private void go() {
        session.talk(Optional.of(this));
        stay();
    }

    private void stay() {
        silence = session.services().pause().apply(STILL_HERE);
        silence.thenRun(() -> session.connection().run(this::stillHere));
    }

    private void stillHere() {
        if (ended) return;
        // Else news are on their way, and the connection is not silent.
        if (!session.watching().isTelling()) session.untagged("OK Still here");
        stay();
    }

    @Override
    public Request request() {
        return request;
    }

    @Override
    public void line(String line) {
        closed();
        session.talk(Optional.empty());
        boolean done = line.equalsIgnoreCase("DONE");
        session.complete(request, done ? Answer.ok("Idle is over") : Answer.bad("Expected DONE"));
    }

    @Override
    public void closed() {
        ended = true;
        silence.toCompletableFuture().cancel(false);
        session.watching().endIdle();
    }

    /** Not while it is being told: what the selection counts as told must have reached the client. */
    @Override
    public Optional<String> suspended() {
        return session.watching().isTelling() ? Optional.empty() : Optional.of(request.tag());
    }
}
