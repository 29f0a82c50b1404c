package org.posthorn.imap;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.imap.command.CommandTable;

/** A client in IDLE, RFC 2177: it is told news as they come, and no faster than it takes them. Holds no thread. */
public final class Idling implements Talk, Wakening.Sleeper {

    /** Routers that hide a network forget a silent connection, some in less than five minutes (RFC 5382 5 asks for two hours). */
    private static final Duration STILL_HERE = Duration.ofMinutes(2);
    /** For a look that others wait for: a slow client's news, or a connection that is gone, must not keep them. */
    private static final long PATIENCE_MILLIS = 1000;

    private final Session session;
    private final Request request;
    private final AtomicBoolean told = new AtomicBoolean(true);
    private Optional<Mailbox.Watch> watch = Optional.empty();
    private Optional<News> untold = Optional.empty();
    private CompletionStage<Void> silence = CompletableFuture.completedFuture(null);
    private CompletableFuture<Void> looked = new CompletableFuture<>();
    private boolean telling;
    private boolean ended;

    private Idling(Session session, Request request) {
        this.session = session;
        this.request = request;
    }

    /** Begins; the client is told to wait. */
    public static Answer begin(Session session, Request request) {
        session.connection().send("+ idling\r\n");
        go(session, request);
        return Answer.LATER;
    }

    static void resume(Session session, String tag) {
        go(session, new Request(tag, CommandTable.find("IDLE"), false, new Arguments("", List.of(), session)));
    }

    private static void go(Session session, Request request) {
        Idling idling = new Idling(session, request);
        session.talk(Optional.of(idling));
        session.services().idling().add(idling);
        idling.look();
        idling.stay();
    }

    private void stay() {
        silence = session.services().pause().apply(STILL_HERE);
        silence.thenRun(() -> session.connection().run(this::stillHere));
    }

    private void stillHere() {
        if (ended) return;
        // Else news are on their way, and the connection is not silent.
        if (!telling) session.untagged("OK Still here");
        stay();
    }

    @Override
    public CompletableFuture<Void> storeChanged() {
        CompletableFuture<Void> look =
                new CompletableFuture<Void>().completeOnTimeout(null, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        session.connection().run(() -> {
            looked = look;
            look();
            if (!telling) look.complete(null);
        });
        return look;
    }

    private void look() {
        if (ended) return;
        watch.ifPresent(Mailbox.Watch::close);
        watch = session.watch(this::news);
        told.set(false);
        tell();
    }

    /** Comes on any thread and often; one telling serves all that came before it. */
    private void news() {
        if (told.compareAndSet(true, false)) session.connection().run(this::tell);
    }

    private void tell() {
        if (ended || telling) return;
        telling = true;
        session.connection().produce(this::more);
    }

    /** Tells a piece; what happens while the client is slow is asked of the mailbox when it has taken what was before. */
    private boolean more() {
        if (untold.isEmpty() && !told.getAndSet(true)) untold = session.newsNow();
        if (untold.isPresent() && !untold.get().more(session.connection())) {
            untold = Optional.empty();
            catchUp();
        }
        telling = !ended && (untold.isPresent() || !told.get());
        if (!telling) looked.complete(null);
        return telling;
    }

    /** What searches that are kept up to date have not looked at yet has another turn, when others have had theirs. */
    private void catchUp() {
        if (ended || session.selected().filter(s -> s.contexts().behind()).isEmpty()) return;
        session.services().pause().apply(Session.BREATH).thenRun(this::news);
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
        looked.complete(null);
        silence.toCompletableFuture().cancel(false);
        watch.ifPresent(Mailbox.Watch::close);
        watch = Optional.empty();
        session.services().idling().remove(this);
    }

    /** Not while it is being told: what the selection counts as told must have reached the client. */
    @Override
    public Optional<String> suspended() {
        return telling ? Optional.empty() : Optional.of(request.tag());
    }
}
