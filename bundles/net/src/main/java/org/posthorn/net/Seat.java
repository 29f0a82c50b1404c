package org.posthorn.net;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.net.Conversation;
import org.posthorn.api.net.Farewell;
import org.posthorn.api.net.Protocol;
import org.posthorn.api.net.Suspended;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who speaks at the server's end of a connection. A conversation moves, between two commands, to a better service of its protocol that has come; when
 * its own goes and there is none, it waits as plain values, beside the goodbye that the old one would have said. All but {@link #leave} and
 * {@link #abandon} belongs to the connection's turn.
 */
final class Seat {

    private static final Logger LOG = LoggerFactory.getLogger(Seat.class);

    private record Talk(Protocol by, Conversation with) {}

    private record Waiting(Suspended state, byte[] goodbye) {}

    private final ClientConnection connection;
    private final Protocols protocols;
    private final String name;
    private volatile Talk talk;
    private volatile int epoch;
    private volatile CompletableFuture<Void> left = CompletableFuture.completedFuture(null);
    private Waiting waiting;
    private int seen;

    Seat(ClientConnection connection, Protocols protocols, String name) {
        this.connection = connection;
        this.protocols = protocols;
        this.name = name;
    }

    boolean taken() {
        return talk != null;
    }

    Conversation conversation() {
        return talk.with;
    }

    /** Changes with every conversation: what the one before left to be done is void. */
    int epoch() {
        return epoch;
    }

    /** Begins a talk, or goes on with the one that waits. @return false when the protocol is not there */
    boolean sit(Optional<Farewell> refusal) {
        int now = protocols.change();
        if (now == seen) return false;
        seen = now;
        Optional<Lease<Protocol>> lease = protocols.lease(name);
        if (lease.isEmpty()) return false;
        try (Lease<Protocol> held = lease.get()) {
            if (waiting == null) begin(held.get(), refusal);
            else resume(held.get(), waiting.state);
        }
        return taken();
    }

    private void begin(Protocol protocol, Optional<Farewell> refusal) {
        Conversation fresh = protocol.begin(connection);
        take(new Talk(protocol, fresh));
        refusal.ifPresentOrElse(fresh::ending, fresh::opened);
    }

    private boolean resume(Protocol protocol, Suspended state) {
        Runnable asBefore = connection.between();
        try {
            take(new Talk(protocol, protocol.resume(connection, state)));
            waiting = null;
            return true;
        } catch (RuntimeException | LinkageError e) {
            // Whatever it is: the old one still can, with the connection as it had it.
            asBefore.run();
            LOG.warn(
                    "{} cannot go on with an open conversation of {}, which stays with the version before: {}",
                    BundleName.of(protocol),
                    name,
                    e.toString());
            return false;
        }
    }

    private void take(Talk next) {
        talk = next;
        epoch++;
    }

    /** The goodbye of a conversation that waits for its protocol. */
    Optional<byte[]> goodbye() {
        return Optional.ofNullable(waiting).map(Waiting::goodbye);
    }

    /**
     * Moves, if there is a better service, or none any more. Called between two commands.
     *
     * @param unsent runs what it is given, and returns what that would have sent
     */
    void look(Function<Runnable, byte[]> unsent) {
        int now = protocols.change();
        if (now == seen) return;
        Optional<Lease<Protocol>> lease = protocols.lease(name);
        try {
            Optional<Protocol> best = lease.map(Lease::get);
            if (best.isPresent() && best.get() == talk.by || move(best, unsent)) seen = now;
        } finally {
            lease.ifPresent(Lease::close);
        }
    }

    /** @return false when the conversation is in the middle of something: it is asked again at its next command */
    private boolean move(Optional<Protocol> to, Function<Runnable, byte[]> unsent) {
        Talk old = talk;
        Optional<Suspended> state = old.with.suspend();
        if (state.isEmpty()) return false;
        if (to.isPresent()) {
            if (!resume(to.get(), state.get())) return true;
        } else {
            byte[] goodbye = unsent.apply(() -> old.with.ending(Farewell.STOPPING));
            waiting = new Waiting(state.get(), goodbye);
            take(null);
        }
        old.with.closed();
        left.complete(null);
        return true;
    }

    /** Has it say its last words. */
    void sayGoodbye(Farewell why) {
        try {
            talk.with.ending(why);
        } catch (LinkageError e) {
            // An older version does not know all there is to be said.
            LOG.info("{} cannot say {}, but that it stops: {}", BundleName.of(talk.by), why, e.toString());
            talk.with.ending(Farewell.STOPPING);
        }
    }

    /** The connection is gone. */
    void closed() {
        Talk last = talk;
        waiting = null;
        if (last == null) return;
        try {
            last.with.closed();
        } finally {
            abandon();
        }
    }

    /** Ends when the conversation is no longer that protocol's; at once if it is not. */
    CompletionStage<Void> leave(Protocol protocol) {
        CompletableFuture<Void> now = new CompletableFuture<>();
        left = now;
        Talk current = talk;
        if (current == null || current.by != protocol) now.complete(null);
        return now;
    }

    /** Tells the log that the conversation threw, which ends it; with the bundle that it was in. @param who the client and its listener */
    void failed(String who, Throwable why) {
        Talk current = talk;
        String bundle = current == null ? "no bundle" : BundleName.of(current.by);
        LOG.error("The conversation with {} failed in {} and was ended: {}", who, bundle, why.toString(), why);
    }

    boolean isOf(Protocol protocol) {
        Talk current = talk;
        return current != null && current.by == protocol;
    }

    /** Forgets a conversation that hangs in a call, so that nothing of its bundle is held on to. */
    void abandon() {
        take(null);
        left.complete(null);
    }
}
