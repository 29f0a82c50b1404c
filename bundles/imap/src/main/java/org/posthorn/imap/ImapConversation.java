package org.posthorn.imap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.net.Connection;
import org.posthorn.api.net.Conversation;
import org.posthorn.api.net.Farewell;
import org.posthorn.api.net.LineFault;
import org.posthorn.api.net.Received;
import org.posthorn.api.net.Sink;
import org.posthorn.api.net.Suspended;
import org.posthorn.imap.command.CommandTable.When;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts commands together from lines and literals, and hands them on if they may come now. */
final class ImapConversation implements Conversation {

    private static final Logger LOG = LoggerFactory.getLogger(ImapConversation.class);

    private final Connection connection;
    private final Session session;
    /** The command so far; literals but a message stand in it. */
    private final StringBuilder text = new StringBuilder();

    private int literals;
    /** When the client must have logged in. */
    private long deadline;

    private Optional<Stage> stage = Optional.empty();
    /** What the command is going to be answered whatever else comes of it. */
    private Optional<Answer> refusal = Optional.empty();

    ImapConversation(Connection connection, Session session) {
        this.connection = connection;
        this.session = session;
        session.atEnd(this::reset);
        session.atLogout(this::stranger);
        timeToLogIn();
    }

    private void timeToLogIn() {
        deadline = session.services().nanoTime().getAsLong()
                + session.limits().login().toNanos();
    }

    /** Nobody knows any more who the client is: all is as it was when it came. */
    private void stranger() {
        connection.lineLimit(Limits.LINE_BEFORE);
        timeToLogIn();
        patience();
    }

    @Override
    public void opened() {
        stranger();
        session.untagged("OK [CAPABILITY " + Capabilities.of(session) + "] Posthorn is ready");
    }

    @Override
    public void line(String line) {
        if (session.isOver() || tooLate()) return;
        Optional<Talk> talk = session.talk();
        if (talk.isPresent()) talk.get().line(line);
        else {
            // What is refused is not gathered, only passed over.
            if (refusal.isEmpty()) text.append(line);
            Literal.atEndOf(line).ifPresentOrElse(this::literal, this::command);
        }
    }

    /** There is one span of time to log in, however many lines a client fills it with. */
    private boolean tooLate() {
        if (session.user().isPresent() || patience()) return false;
        session.bye("You have not logged in in time");
        return true;
    }

    /** Until then the client must have logged in. @return whether there is time left */
    private boolean patience() {
        long left = deadline - session.services().nanoTime().getAsLong();
        if (left > 0) connection.timeout(Duration.ofNanos(left));
        return left > 0;
    }

    private void literal(Literal literal) {
        Request soFar = Request.parse(text.toString(), List.of(), session);
        boolean streams = refusal.isEmpty()
                && session.user().isPresent()
                && soFar.row()
                        .filter(r -> r.command().streams(soFar.arguments()))
                        .isPresent();
        Optional<Answer> no =
                refusal.or(() -> streams ? unwelcome(literal.octets()) : tooLong(literal.octets(), soFar));
        if (no.isPresent()) passOver(literal, soFar, no.get());
        else {
            text.append("\r\n");
            if (literal.sync()) connection.send("+ OK\r\n");
            receive(literal.octets(), streams ? nextMessage() : this::keep);
        }
    }

    private Stage nextMessage() {
        if (stage.isEmpty()) stage = Optional.of(new Stage(session.services().temporary()));
        stage.get().next();
        return stage.get();
    }

    /** Why a message of that size need not come, if it need not: its sender is told before, RFC 3501 4.3. */
    private Optional<Answer> unwelcome(long octets) {
        long most = session.limits().append();
        if (octets > most) return Optional.of(Answer.no("[TOOBIG] Messages may have " + most + " octets"));
        long before = stage.map(Stage::size).orElse(0L);
        boolean full = stage.filter(s -> s.messages() == Limits.LITERALS).isPresent();
        if (full || before + octets > Limits.STAGED || text.length() > Limits.COMMAND)
            return Optional.of(Answer.no("[LIMIT] A command may bring " + Limits.LITERALS + " messages with "
                    + Limits.STAGED + " octets together"));
        return refusal(Request.parse(text.toString(), List.of(), session), before + octets);
    }

    private Optional<Answer> refusal(Request soFar, long octets) {
        Command command = soFar.row().orElseThrow().command();
        Session.Step look =
                () -> command.refusal(session, soFar.arguments(), octets).orElse(Answer.LATER);
        return session.between(() -> Optional.of(Outcome.of(look, session))).filter(no -> no != Answer.LATER);
    }

    /** Why a literal that is no message is too much, if it is. */
    private Optional<Answer> tooLong(long octets, Request request) {
        boolean inside = session.user().isPresent();
        int most = inside ? Limits.COMMAND : Limits.LINE_BEFORE;
        if (++literals <= Limits.LITERALS && octets <= most - text.length()) return Optional.empty();
        return Optional.of(request.row()
                .filter(row -> inside)
                .map(row -> row.command().tooLong())
                .orElse(Answer.no(
                        "[LIMIT] A command may have " + most + " octets, and " + Limits.LITERALS + " literals")));
    }

    private void keep(ByteBuffer bytes) {
        while (bytes.hasRemaining()) text.append((char) (bytes.get() & 0xFF));
    }

    /** A stranger is told at once, and not at the end of what he may never send. */
    private long passedOver() {
        return session.user().isPresent() ? Limits.PASSED_OVER : Limits.COMMAND;
    }

    private void receive(long octets, Sink sink) {
        if (octets > 0) connection.receive(octets, sink);
    }

    private void passOver(Literal literal, Request request, Answer answer) {
        if (literal.sync()) {
            refuse(request, answer);
        } else if (literal.octets() <= passedOver()) {
            refusal = Optional.of(answer);
            receive(literal.octets(), bytes -> bytes.position(bytes.limit()));
        } else {
            session.wrong(request, answer.text());
            session.bye("[TOOBIG] That is too long");
        }
    }

    @Override
    public void received(Received what) {
        what.broken().ifPresent(e -> {
            LOG.error("A message that {} appends cannot be kept", session.user().orElseThrow(), e);
            refusal = Optional.of(Answer.no("[UNAVAILABLE] The message could not be kept; the server's log says why"));
        });
    }

    private void command() {
        String whole = text.toString();
        Optional<Answer> refused = refusal;
        clear();
        Request request = Request.parse(whole, stage.map(Stage::written).orElse(List.of()), session);
        Optional<Answer> wrong = refused.or(() -> wrong(request));
        if (wrong.isEmpty()) session.run(request);
        else refuse(request, wrong.get());
    }

    /** Answers without news of the mailbox: whether they may come now depends on a command that is none. */
    private void refuse(Request request, Answer answer) {
        session.complete(new Request(request.tag(), Optional.empty(), false, request.arguments()), answer);
    }

    private Optional<Answer> wrong(Request request) {
        if (request.tag().equals("*")) return Optional.of(Answer.bad("That is no command"));
        if (request.row().isEmpty()) return Optional.of(Answer.bad("There is no such command"));
        When when = request.row().get().when();
        boolean allowed =
                switch (when) {
                    case ANY -> true;
                    case NOT_LOGGED_IN -> session.user().isEmpty();
                    case LOGGED_IN -> session.user().isPresent();
                    case SELECTED -> session.selected().isPresent();
                };
        if (!allowed) return Optional.of(Answer.bad("Not now: " + when.condition()));
        boolean numbers = !request.uid() && request.row().get().numbers();
        return session.uidOnly() && numbers
                ? Optional.of(SyntaxFault.uidRequired().answer())
                : Optional.empty();
    }

    private void clear() {
        text.setLength(0);
        literals = 0;
        if (text.capacity() > 4096) text.trimToSize();
        refusal = Optional.empty();
    }

    private void reset() {
        clear();
        stage.ifPresent(this::discard);
        stage = Optional.empty();
    }

    private void discard(Stage unfinished) {
        try {
            unfinished.close();
        } catch (IOException e) {
            LOG.warn("A file of a message that was not appended cannot be closed", e);
        }
    }

    @Override
    public void broken(LineFault fault) {
        broken(fault, "");
    }

    /** The tag may be all that is known of the command, and is enough to answer it. A literal that follows unasked (RFC 7888 4) is passed over: its octets are no commands. */
    @Override
    public void broken(LineFault fault, String ends) {
        // What is passed over must not keep a connection for ever that nobody has logged in to.
        if (session.isOver() || tooLate()) return;
        String what = fault == LineFault.TOO_LONG ? "That line is too long" : "A line must end with CR and LF";
        Optional<Talk> talk = session.talk();
        session.talk(Optional.empty());
        talk.ifPresent(Talk::closed);
        if (talk.isPresent()) refuse(talk.get().request(), Answer.bad(what));
        else refuse(ends, Answer.bad(what));
    }

    private void refuse(String ends, Answer answer) {
        if (text.length() == 0) text.append(ends);
        Request soFar = Request.parse(text.toString(), List.of(), session);
        Literal.atEndOf(ends).ifPresentOrElse(literal -> passOver(literal, soFar, answer), () -> refuse(soFar, answer));
    }

    @Override
    public void secured() {
        reset();
        session.secured();
        patience();
    }

    @Override
    public void ending(Farewell why) {
        session.bye(
                switch (why) {
                    case IDLE -> "Nothing has been said for too long";
                    case STOPPING -> "The service goes down";
                    // RFC 5530 3.
                    case REPLACED -> "[UNAVAILABLE] This part of the server is being replaced; connect again";
                    case CROWDED -> "[LIMIT] There are too many connections";
                    case AHEAD -> "The answer to COMPRESS must be waited for";
                });
    }

    @Override
    public void closed() {
        session.talk().ifPresent(Talk::closed);
        session.closed();
        reset();
    }

    @Override
    public Optional<Suspended> suspend() {
        boolean between = text.length() == 0 && stage.isEmpty() && !session.isOver();
        return between ? Suspension.of(session).map(Suspension::suspended) : Optional.empty();
    }

    /** Goes on where {@link #suspend} left off. */
    void resumed(Map<String, String> values) {
        boolean inside = session.user().isPresent();
        connection.lineLimit(inside ? Limits.LINE_AFTER : Limits.LINE_BEFORE);
        if (inside) connection.timeout(session.limits().quiet());
        else patience();
        Suspension.idleTag(values).ifPresent(tag -> Idling.resume(session, tag));
        session.watching().resume();
    }
}
