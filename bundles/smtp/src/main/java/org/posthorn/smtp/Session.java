package org.posthorn.smtp;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.posthorn.api.intake.MailIntake;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.net.Connection;
import org.posthorn.api.net.Received;
import org.posthorn.api.net.Suspended;
import org.posthorn.api.net.Tls;
import org.posthorn.api.users.Entrance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client and what stands between it and the server, for the commands to work on. */
final class Session {

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    /** RFC 5321 4.5.3.1.5: a reply line has 512 octets at most, CRLF included. */
    private static final int LONGEST_REPLY = 510;

    /** RFC 5321 4.5.3.1.4 says 512, and each extension adds to it; the longest, AUTH= and ORCPT=, 500 each. */
    private static final int LONGEST_COMMAND = 2046;

    /** A URL in BURL has the name of a mailbox, with percent signs, and a section. */
    private static final int LONGEST_WITH_URL = 8190;

    private final SmtpServer server;
    private final Connection connection;
    private final Role role;
    private Client client;
    private Optional<Transaction> transaction = Optional.empty();
    private Optional<Lease<?>> waitingWith = Optional.empty();
    private Optional<Consumer<String>> lines = Optional.empty();
    private Optional<Consumer<Received>> transfer = Optional.empty();
    private boolean waiting;
    private boolean closed;
    private int errors;
    private int refused;
    private Optional<Reply> lastRefusal = Optional.empty();
    private int commands;
    private Runnable leave = () -> {};

    Session(SmtpServer server, Connection connection, Role role) {
        this.server = server;
        this.connection = connection;
        this.role = role;
        this.client = Client.UNKNOWN;
    }

    Session(SmtpServer server, Connection connection, Role role, Suspended state) {
        this(server, connection, role);
        client = Client.resumed(state);
        client.entrance().ifPresent(this::enter);
        ready();
    }

    Settings settings() {
        return server.settings();
    }

    SmtpServer server() {
        return server;
    }

    Connection connection() {
        return connection;
    }

    Role role() {
        return role;
    }

    Client client() {
        return client;
    }

    void client(Client known) {
        client = known;
    }

    void loggedIn(Entrance entrance) {
        client = client.loggedIn(entrance);
        enter(entrance);
    }

    private void enter(Entrance entrance) {
        leave = server.logins().enter(entrance, () -> connection.run(this::expired));
    }

    private void expired() {
        if (!closed) bye(421, "4.7.0", "The account or its password has changed, or an app password was revoked");
    }

    Optional<Transaction> transaction() {
        return transaction;
    }

    /** A transaction has begun. */
    void begin(Transaction begun) {
        transaction = Optional.of(begun);
    }

    /** Ends the transaction, if there is one; what is not finished is forgotten. */
    void endTransaction() {
        transaction.ifPresent(Transaction::close);
        transaction = Optional.empty();
    }

    /** A mail was taken: what went wrong before it is forgiven. */
    void tookMail() {
        errors = 0;
        commands = 0;
    }

    boolean offersStartTls() {
        return connection.listener().startTls() && connection.tls().isEmpty();
    }

    /** Whether there is somebody who reads what URLs stand for, RFC 4468; on no other port, which may be a relay's. */
    boolean offersBurl() {
        return role == Role.SUBMISSION && !server.urls().names().isEmpty();
    }

    /** Whether the client may say when its mail shall go, RFC 4865: an extension of submission alone. */
    boolean offersFutureRelease() {
        return role == Role.SUBMISSION && !settings().maxFutureRelease().isZero();
    }

    /** Whether a password would be safe, or nobody minds. */
    boolean clearOfEavesdroppers() {
        return connection.tls().isPresent() || connection.listener().clearLogin();
    }

    boolean demandsLogin() {
        return role.demandsLogin() && client.login().isEmpty();
    }

    /** Waits for the next command. */
    void ready() {
        connection.lineLimit(longestCommand());
        connection.timeout(settings().commandTimeout());
    }

    private int longestCommand() {
        // Whether somebody reads URLs now or not: who is away is waited for.
        return role == Role.SUBMISSION ? LONGEST_WITH_URL : LONGEST_COMMAND;
    }

    Optional<Consumer<String>> lines() {
        return lines;
    }

    /** The next line goes there and is no command. */
    void nextLine(Consumer<String> taker, int longest) {
        lines = Optional.of(taker);
        connection.lineLimit(longest);
    }

    /** Lines are commands again. */
    void endLines() {
        lines = Optional.empty();
        connection.lineLimit(longestCommand());
    }

    /** Octets of a message come now; the taker is called behind them. */
    void transfer(Consumer<Received> taker) {
        transfer = Optional.of(taker);
        connection.timeout(settings().dataTimeout());
    }

    void received(Received what) {
        Optional<Consumer<Received>> taker = transfer;
        transfer = Optional.empty();
        ready();
        taker.ifPresent(t -> t.accept(what));
    }

    void send(int code, String text) {
        send(code + " " + text);
    }

    void send(int code, String enhanced, String text) {
        send(code + " " + enhanced + " " + text);
    }

    /** Sends what somebody else wants to say; octets above ASCII only to those who asked for them, RFC 6531 3.7.4. */
    void send(Reply reply) {
        send(reply.toString());
    }

    private void send(String line) {
        boolean utf8 = transaction.map(t -> t.parameters().smtpUtf8()).orElse(false);
        String octets = new String(
                line.getBytes(utf8 ? StandardCharsets.UTF_8 : StandardCharsets.US_ASCII), StandardCharsets.ISO_8859_1);
        connection.send((octets.length() > LONGEST_REPLY ? octets.substring(0, LONGEST_REPLY) : octets) + "\r\n");
    }

    /** A reply of several lines, RFC 5321 4.2.1. */
    void send(int code, List<String> texts) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < texts.size(); i++)
            all.append(code)
                    .append(i < texts.size() - 1 ? '-' : ' ')
                    .append(texts.get(i))
                    .append("\r\n");
        connection.send(all.toString());
    }

    void refuse(int code, String enhanced, String text) {
        refuse(new Reply(code, enhanced, text));
    }

    void refuse(Reply reply) {
        refuse(reply, Duration.ZERO);
    }

    /** Says no to a piece of a message, and so to all of it: pieces behind that find no transaction. */
    void refuseMessage(Reply reply) {
        transaction.ifPresent(t -> t.refused(reply));
        endTransaction();
        refuse(reply);
    }

    /** Says no, later to those who have heard it often, and at last for good. The last thing to do in a call. */
    void refuse(Reply reply, Duration pause) {
        note(reply);
        decline(reply, pause);
    }

    /** Says the no of the intake, which has told the log. The last thing to do in a call. */
    void handOn(Reply refusal) {
        decline(refusal, Duration.ZERO);
    }

    /** One line at the end serves all: a client must not fill the log. */
    private void note(Reply reply) {
        refused++;
        lastRefusal = Optional.of(reply);
    }

    private void decline(Reply reply, Duration pause) {
        errors++;
        if (errors > settings().maxErrors()) {
            drop(421, "4.7.0", "Too many errors");
            return;
        }
        Duration delay = errors > settings().maxErrors() / 2 ? settings().errorDelay() : Duration.ZERO;
        Duration longer = pause.compareTo(delay) > 0 ? pause : delay;
        if (longer.isZero()) send(reply);
        else await(server.after(longer), () -> send(reply));
    }

    /** Counts a command that brings no mail forward. @return whether there were too many, and the client is gone */
    boolean idles() {
        if (++commands <= settings().maxCommands()) return false;
        drop(421, "4.7.0", "Too many commands without a mail");
        return true;
    }

    /** Breaks off for something that the client does. */
    void drop(int code, String enhanced, String text) {
        note(new Reply(code, enhanced, text));
        bye(code, enhanced, text);
    }

    /** Gives up a client that says nothing; only of one that left something undone or was refused before is it news. */
    void silent() {
        String text = "Nothing came for too long";
        if (errors == 0 && refused == 0 && between()) bye(421, "4.4.2", text);
        else drop(421, "4.4.2", text);
    }

    /** Says it and closes. In a goodbye, and in no other reply, the name stands first, RFC 5321 4.2.3. */
    void bye(int code, String enhanced, String text) {
        boolean goodbye = code == 221 || code == 421;
        send(code, enhanced, goodbye ? settings().hostname() + " " + text : text);
        connection.close();
    }

    /** Goes on with an intake that can judge, or refuses where there is none in time. The lease is the taker's. */
    void withIntake(Consumer<Lease<MailIntake>> taker) {
        Optional<Lease<MailIntake>> lease = server.intakes().lease();
        if (lease.isPresent()) whenReady(lease.get(), taker);
        else await(server.presentOrGrace(server.intakes()), () -> afterGrace(taker));
    }

    private void afterGrace(Consumer<Lease<MailIntake>> taker) {
        Optional<Lease<MailIntake>> lease = server.intakes().lease();
        if (lease.isPresent()) whenReady(lease.get(), taker);
        else send(451, "4.3.5", "The server is being changed; come back later");
    }

    private void whenReady(Lease<MailIntake> lease, Consumer<Lease<MailIntake>> taker) {
        CompletionStage<Void> ready = lease.get().ready();
        if (ready.toCompletableFuture().isDone()) {
            taker.accept(lease);
            return;
        }
        waitingWith = Optional.of(lease);
        await(ready, () -> {
            waitingWith = Optional.empty();
            taker.accept(lease);
        });
    }

    /** Goes on when somebody is there who reads URLs, and the mailboxes, or they have not come in time. */
    void whenUrlsAreRead(Runnable then) {
        CompletionStage<?> readable = server.urlsOrGrace();
        if (readable.toCompletableFuture().isDone()) then.run();
        else await(readable, then);
    }

    private void await(CompletionStage<?> stage, Runnable then) {
        waiting = true;
        connection.await(stage, () -> {
            waiting = false;
            if (!closed) then.run();
        });
    }

    /** Behind STARTTLS nothing counts that came before it, RFC 3207 4.2. */
    void forgetClient() {
        endTransaction();
        lines = Optional.empty();
        leave.run();
        client = Client.UNKNOWN;
    }

    void closed() {
        closed = true;
        leave.run();
        lastRefusal.ifPresent(r -> LOG.info(
                "{} on {}{}: {} refused, the last with {}",
                connection.client(),
                connection.listener().name(),
                client.login().map(who -> " (" + who + ")").orElse(""),
                refused,
                r));
        endTransaction();
        waitingWith.ifPresent(Lease::close);
        waitingWith = Optional.empty();
    }

    Optional<Suspended> suspend() {
        return between() && !closed ? Optional.of(client.suspended()) : Optional.empty();
    }

    private boolean between() {
        return transaction.isEmpty() && lines.isEmpty() && transfer.isEmpty() && !waiting;
    }

    Origin origin(boolean smtpUtf8) {
        return new Origin(
                protocol(smtpUtf8),
                connection.client(),
                client.helo(),
                client.login(),
                connection.tls().map(Tls::toString),
                settings().hostname(),
                connection.listener().name());
    }

    /** The words of RFC 3848, and of RFC 6531 4.3 for international mail. */
    private String protocol(boolean smtpUtf8) {
        if (!client.extended()) return "SMTP";
        String word = smtpUtf8 ? (role == Role.LMTP ? "UTF8LMTP" : "UTF8SMTP") : role.protocol();
        return word
                + (connection.tls().isPresent() ? "S" : "")
                + (client.login().isPresent() ? "A" : "");
    }
}
