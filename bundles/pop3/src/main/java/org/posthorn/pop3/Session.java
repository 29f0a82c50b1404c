package org.posthorn.pop3;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.net.Connection;
import org.posthorn.api.net.Conversation;
import org.posthorn.api.net.Farewell;
import org.posthorn.api.net.LineFault;
import org.posthorn.api.net.Received;
import org.posthorn.api.net.Suspended;
import org.posthorn.api.users.Entrance;
import org.posthorn.sasl.Dialogue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's session, RFC 1939 3: it begins in the AUTHORIZATION state, and is in the TRANSACTION state once there is a {@link Transaction}. */
final class Session implements Conversation {

    /** Something to do with a service that may be on its way. */
    interface Use<T> {
        void with(T service) throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final int VERSION = 1;
    private static final int GRACE_SECONDS = 10;
    private static final int MOST_ERRORS = 50;

    private final Pop3 pop3;
    private final Connection connection;
    private final Authorization authorization;
    private Transaction transaction;
    /** Of which he has logged in, where that was not his password itself. */
    private Optional<String> credential = Optional.empty();

    private Runnable leave = () -> {};
    private boolean utf8;
    private boolean waiting;
    private int errors;
    private int wrong;
    private String lastWrong = "";
    /** When the client must have logged in. */
    private final long deadline;

    Session(Pop3 pop3, Connection connection) {
        this.pop3 = pop3;
        this.connection = connection;
        authorization = new Authorization(this, pop3);
        deadline = pop3.now() + pop3.loginTimeout().toNanos();
        patience();
        // A SASL response may be that long, and a password as long as it likes.
        connection.lineLimit(Dialogue.LONGEST_LINE);
    }

    Session resumed(Suspended state) {
        if (state.version() != VERSION) throw new IllegalArgumentException("state of version " + state.version());
        Map<String, String> values = state.values();
        // An earlier version of this bundle knew nothing of it.
        utf8 = Boolean.parseBoolean(values.get("utf8"));
        if (values.containsKey("account")) begin(Drop.of(values), Optional.ofNullable(values.get("credential")));
        patience();
        authorization.resume(values);
        return this;
    }

    @Override
    public Optional<Suspended> suspend() {
        if (waiting || authorization.talking() || transaction != null && transaction.sending()) return Optional.empty();
        Map<String, String> values = new HashMap<>(authorization.suspend());
        values.put("utf8", Boolean.toString(utf8));
        if (transaction != null) {
            values.putAll(transaction.drop().values());
            credential.ifPresent(id -> values.put("credential", id));
        }
        return Optional.of(new Suspended(VERSION, values));
    }

    Connection connection() {
        return connection;
    }

    Authorization authorization() {
        return authorization;
    }

    Transaction transaction() {
        return transaction;
    }

    /** UTF8, RFC 6856 2.1. */
    void enableUtf8(String argument) {
        if (!argument.isBlank()) {
            wrong("UTF8 takes no argument");
            return;
        }
        utf8 = true;
        ok("UTF-8 from now on");
    }

    /** Whether the client takes headers that are not ASCII. */
    boolean utf8() {
        return utf8;
    }

    void ok(String text) {
        errors = 0;
        connection.send("+OK " + text + "\r\n");
    }

    void error(String text) {
        connection.send("-ERR " + text + "\r\n");
    }

    void bye() {
        ok("Goodbye");
        connection.close();
    }

    @Override
    public void opened() {
        ok("Posthorn POP3 ready");
    }

    @Override
    public void line(String line) {
        if (!patience()) {
            note("not logged in in time");
            error("You have not logged in in time");
            connection.close();
        } else if (authorization.talking()) authorization.response(line);
        else command(line);
    }

    /** There is one span of time to log in, however many lines a client fills it with. @return whether there is time left */
    private boolean patience() {
        long left = transaction == null ? deadline - pop3.now() : pop3.timeout().toNanos();
        if (left > 0) connection.timeout(Duration.ofNanos(left));
        return left > 0;
    }

    private void command(String line) {
        int space = line.indexOf(' ');
        String argument = space < 0 ? "" : line.substring(space + 1);
        Commands.of(space < 0 ? line : line.substring(0, space))
                .filter(c -> transaction == null ? c.inAuthorization() : c.inTransaction())
                .ifPresentOrElse(c -> c.action().run(this, argument), () -> wrong("No such command in this state"));
    }

    /** The client has said what cannot be understood. One that does so all the time is no mail client. */
    void wrong(String text) {
        note(text);
        error(text);
        if (++errors > MOST_ERRORS) connection.close();
    }

    /** One line in the log at the end serves all that is wrong: a client must not fill it. */
    void note(String what) {
        wrong++;
        lastWrong = what;
    }

    /** A password is right: opens the maildrop, RFC 1939 4. That may take its time, and the password may be another before it is open. */
    void enter(Entrance entrance) {
        hear(entrance);
        with(pop3.mailboxes(), store -> {
            Drop drop = Drop.open(store, entrance.account());
            transaction = new Transaction(this, drop);
            patience();
            ok(drop.count() + " messages (" + drop.octets() + " octets)");
        });
    }

    UniqueId uniqueId() {
        return pop3.uniqueId();
    }

    private void begin(Drop drop, Optional<String> by) {
        hear(new Entrance(drop.account(), by));
        transaction = new Transaction(this, drop);
    }

    private void hear(Entrance entrance) {
        credential = entrance.credential();
        // A maildrop that could not be opened was perhaps another's.
        leave.run();
        leave = pop3.logins().enter(entrance, () -> connection.run(this::expired));
    }

    /** In the middle of an answer there is no place for a word. What was marked for deletion stays, RFC 1939 6. */
    private void expired() {
        if (transaction == null || !transaction.sending())
            error("[AUTH] The account or its password has changed, or an app password was revoked");
        connection.close();
    }

    Leased<MailboxStore> mailboxes() {
        return pop3.mailboxes();
    }

    /** Uses the service that is there now for one call, or waits a while for one that is being replaced. The last thing to do in a call. */
    <T> void with(Leased<T> services, Use<T> use) {
        Optional<Lease<T>> lease = services.lease();
        if (lease.isPresent()) use(lease.get(), use);
        else
            await(
                    services.present(List.of()).toCompletableFuture().orTimeout(GRACE_SECONDS, TimeUnit.SECONDS),
                    () -> services.lease()
                            .ifPresentOrElse(
                                    l -> use(l, use),
                                    () -> failed(new IOException("a part of the server is missing"))));
    }

    private <T> void use(Lease<T> lease, Use<T> use) {
        try (lease) {
            use.with(lease.get());
        } catch (IOException e) {
            failed(e);
        }
    }

    /** RFC 3206 4. */
    void failed(IOException e) {
        LOG.warn("POP3 for {}: {}", connection.client(), e.getMessage(), e);
        error("[SYS/TEMP] The server has trouble; try again later");
    }

    void await(CompletionStage<?> stage, Runnable then) {
        waiting = true;
        connection.await(stage, () -> {
            waiting = false;
            then.run();
        });
    }

    @Override
    public void received(Received what) {
        throw new IllegalStateException("nothing was asked for");
    }

    @Override
    public void broken(LineFault fault) {
        authorization.forget();
        wrong(fault == LineFault.TOO_LONG ? "That line is too long" : "A line ends in CR LF, and only there");
    }

    @Override
    public void secured() {
        // Whoever said it: a client must not, before STLS.
        utf8 = false;
        authorization.forget();
    }

    /** A client that falls silent is left without a word, RFC 1939 3, and its deletions are not carried out. */
    @Override
    public void ending(Farewell why) {
        switch (why) {
            case IDLE -> LOG.debug("POP3 client {} has fallen silent", connection.client());
            case STOPPING -> error("[SYS/TEMP] The service is going down");
            case REPLACED -> error("[SYS/TEMP] This part of the server is being replaced; connect again");
            case CROWDED -> error("[SYS/TEMP] Too many connections");
        }
    }

    @Override
    public void closed() {
        authorization.forget();
        leave.run();
        if (transaction != null) transaction.closed();
        if (wrong > 0)
            LOG.info(
                    "{} on {}: {} wrong, the last: {}",
                    connection.client(),
                    connection.listener().name(),
                    wrong,
                    lastWrong);
    }
}
