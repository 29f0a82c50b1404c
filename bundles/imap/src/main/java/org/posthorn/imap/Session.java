package org.posthorn.imap;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Annotations;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.Quota;
import org.posthorn.api.net.Connection;
import org.posthorn.api.users.Accounts;
import org.posthorn.api.users.Entrance;
import org.posthorn.imap.command.CommandTable;
import org.posthorn.imap.command.CommandTable.After;
import org.posthorn.imap.command.Notifications;
import org.posthorn.sasl.LeasedAccounts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client: who it is, what it has selected, and how its commands begin and end. Commands come one after the other, RFC 3501 5.5. */
public final class Session {

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    /** Long enough for others to come first. */
    static final Duration BREATH = Duration.ofMillis(1);

    private final Connection connection;
    private final Services services;
    private final Limits limits;
    private final MetadataNews metadata = new MetadataNews(this);
    private final Notifications notifications = new Notifications(this);
    private final Watching watching = new Watching(this);
    private final KeyNews keys = new KeyNews(this);
    final OpenLogin login = new OpenLogin(this);
    private Optional<Selection> selection = Optional.empty();
    private Optional<Talk> talk = Optional.empty();
    private boolean condstore;
    private boolean qresync;
    private boolean uidOnly;
    private Dialect dialect = Dialect.REV1;
    private boolean numbersInUse;
    private boolean busy;
    private boolean over;
    private Runnable atEnd = () -> {};
    private Runnable atLogout = () -> {};
    private final Mistakes mistakes = new Mistakes();
    private int failures;
    private Lease<MailboxStore> lease;

    /** Something to be done for a command, perhaps in several steps. */
    @FunctionalInterface
    public interface Step {
        Answer run() throws IOException;
    }

    Session(Connection connection, Services services, Limits limits) {
        this.connection = connection;
        this.services = services;
        this.limits = limits;
    }

    public Connection connection() {
        return connection;
    }

    public Services services() {
        return services;
    }

    public Limits limits() {
        return limits;
    }

    /** Who has logged in. */
    public Optional<Address> user() {
        return login.user();
    }

    /** What is selected, if anything is. */
    public Optional<Selection> selected() {
        return selection;
    }

    /** What is selected, for commands that the table allows only then. */
    public Selection selection() {
        return selection.orElseThrow();
    }

    public void select(Optional<Selection> next) {
        selection = next;
        keys.selected(next);
    }

    /** Access keys that other sessions reset. */
    public KeyNews keys() {
        return keys;
    }

    /** Whether the client has asked for mod-sequences, RFC 7162 3.1. */
    public boolean condstore() {
        return condstore;
    }

    /** The client is to be told mod-sequences from now on. */
    public void enableCondstore() {
        if (!condstore)
            selection.ifPresent(s -> untagged("OK [HIGHESTMODSEQ " + s.modSeq() + "] Conditional STORE is on"));
        condstore = true;
    }

    /** Whether the client keeps what it knows of mailboxes, and is told of expunged messages by UID: RFC 7162 3.2.3. */
    public boolean qresync() {
        return qresync;
    }

    /** It does from now on; mod-sequences come with it. */
    public void enableQresync() {
        enableCondstore();
        qresync = true;
    }

    /** Annotations that others set. */
    public MetadataNews metadata() {
        return metadata;
    }

    /** What the client has asked to hear of, RFC 5465. */
    public Notifications notifications() {
        return notifications;
    }

    /** How it hears of what happens as it happens. */
    public Watching watching() {
        return watching;
    }

    /** Whether the client knows messages by UID alone, RFC 9586 3. */
    public boolean uidOnly() {
        return uidOnly;
    }

    /** It does from now on: neither side speaks of sequence numbers any more. */
    public void enableUidOnly() {
        uidOnly = true;
        selection.ifPresent(s -> connection.send(s.contexts().endNumbers()));
    }

    /** Begins what is told of a message, up to the parenthesis: by number, or RFC 9586 3.3. */
    public StringBuilder fetched(StringBuilder out, long uid) {
        out.append("* ").append(uidOnly ? uid : selection().uids().sequence(uid));
        return out.append(uidOnly ? " UIDFETCH (" : " FETCH (");
    }

    /** What is spoken. */
    public Dialect dialect() {
        return dialect;
    }

    /** That much is spoken from now on, or more if it was already. */
    public void enable(Dialect more) {
        if (more.compareTo(dialect) > 0) dialect = more;
        if (dialect.isRev2()) selection.ifPresent(Selection::forgetRecent);
    }

    /** The lines that come now are for that; empty when they are commands again. */
    public void talk(Optional<Talk> next) {
        talk = next;
    }

    Optional<Talk> talk() {
        return talk;
    }

    /** Those who know the users, whoever that is just now. */
    public Accounts accounts() {
        return new LeasedAccounts(services.accounts());
    }

    /** The mailboxes that the user finds; only while a command runs. */
    public Realm account() throws IOException {
        return new Realm(store(), user().orElseThrow());
    }

    /** What is noted of them and of the server; only while a command runs. */
    public Annotations annotations() throws IOException {
        return new RealmAnnotations(account());
    }

    private MailboxStore store() throws MailboxFault {
        if (lease == null) throw new MailboxFault(MailboxFault.Kind.NONEXISTENT, "There are no mailboxes before login");
        return lease.get();
    }

    /** What the user's account holds and may hold; only while a command runs. */
    public Quota quota() throws IOException {
        return lease.get().quota(user().orElseThrow());
    }

    /** The mailbox of that name. */
    public Mailbox mailbox(String name) throws IOException {
        return account().mailbox(name).orElseThrow(Operation::missing);
    }

    /** Whether there is a mailbox of just that name; only while a command runs. */
    boolean exists(String name) throws IOException {
        return lease != null && account().exists(name);
    }

    /** The selected mailbox. When another session has deleted it there is nothing left to talk about, RFC 2180 3.3. */
    public Mailbox mailbox() throws IOException {
        Optional<Mailbox> mailbox =
                account().mailbox(selection().name()).filter(m -> Operation.READ.isAllowed(m.rights()));
        if (mailbox.isEmpty()) bye("The selected mailbox has been deleted or renamed, or may be read no longer");
        return mailbox.orElseThrow(() -> new MailboxFault(MailboxFault.Kind.NONEXISTENT, "The mailbox is gone"));
    }

    public void untagged(String line) {
        connection.send("* " + line + "\r\n");
    }

    /** The client is who it says it is. */
    public Answer loggedIn(Entrance entrance, String mechanism) {
        login.begin(entrance);
        failures = 0;
        connection.lineLimit(Limits.LINE_AFTER);
        connection.timeout(limits.quiet());
        LOG.info(
                "{} has logged in from {} on {} by {}",
                entrance.account(),
                connection.client(),
                connection.listener().name(),
                mechanism);
        return Answer.ok("[CAPABILITY " + Capabilities.of(this) + "] Logged in");
    }

    /** It is so no longer, and stays: RFC 8437 3. Commands behind that one come from a stranger, and are not compressed (4.1). */
    public Answer loggedOut(Request request) {
        complete(request, Answer.ok("Log in again"));
        secured();
        condstore = false;
        qresync = false;
        metadata.end();
        uidOnly = false;
        dialect = Dialect.REV1;
        atLogout.run();
        connection.uncompress();
        return Answer.LATER;
    }

    /** It is not: the answer is held back for as long as the count of its failures demands. */
    public Answer denied(Request request, Duration pause) {
        return denied(request, pause, "[AUTHENTICATIONFAILED] User name or password is wrong");
    }

    /** Whether it is nobody looked: that counts as well, or guesses would be free. */
    public Answer putOff(Request request, Duration pause) {
        return denied(request, pause, "[UNAVAILABLE] Too many logins have failed, or not all users are known now");
    }

    private Answer denied(Request request, Duration pause, String why) {
        connection.await(services.pause().apply(pause), () -> {
            complete(request, Answer.no(why));
            if (++failures >= Limits.FAILURES) bye("Too many failed logins");
        });
        return Answer.LATER;
    }

    /** Forgets whatever was known of the client, and ends. */
    public void bye(String why) {
        if (over) return;
        over = true;
        untagged("BYE " + why);
        connection.close();
    }

    /** Answers a command, the last one. */
    public Answer end(Request request, Answer answer) {
        untagged("BYE Logging out");
        complete(request, answer);
        over = true;
        connection.close();
        return Answer.LATER;
    }

    /** Answers a command, in clear, and goes over to TLS. */
    public Answer thenStartTls(Request request, Answer answer) {
        complete(request, answer);
        connection.startTls();
        return Answer.LATER;
    }

    /** Answers a command, as it is, and compresses what follows. */
    public Answer thenCompress(Request request, Answer answer) {
        complete(request, answer);
        connection.compress();
        return Answer.LATER;
    }

    /** Whether a command is under way. */
    boolean isBusy() {
        return busy;
    }

    /** To be run when the client logs out and stays. */
    void atLogout(Runnable task) {
        atLogout = task;
    }

    /** To be run when a command is complete. */
    void atEnd(Runnable task) {
        atEnd = task;
    }

    boolean isOver() {
        return over;
    }

    /** Runs a command, when the part of the server that it needs is there. */
    void run(Request request) {
        busy = true;
        CommandTable.Row row = request.row().orElseThrow();
        if (!needsStore(row) || !services.stores().names().isEmpty())
            proceed(request, () -> row.command().run(this, request));
        else
            connection.await(
                    services.stores()
                            .present(List.of())
                            .toCompletableFuture()
                            .orTimeout(limits.grace().toMillis(), TimeUnit.MILLISECONDS),
                    () -> proceed(request, () -> row.command().run(this, request)));
    }

    private boolean needsStore(CommandTable.Row row) {
        if (!row.command().needsMailboxes()) return false;
        boolean inside = row.when() == CommandTable.When.LOGGED_IN || row.when() == CommandTable.When.SELECTED;
        return inside || selection.isPresent() && row.after() != After.NOTHING;
    }

    /** Gives an answer that is too long for one step: {@link Answer#LATER} means that there is more. */
    public Answer produce(Request request, Step step) {
        connection.produce(() -> !over && !proceed(request, step));
        return Answer.LATER;
    }

    /** Works at what takes long in steps: {@link Answer#LATER} means that there is more. Between two steps others have their turn, and the client takes what was told. */
    public Answer inTurns(Request request, Step step) {
        connection.await(
                services.pause().apply(BREATH),
                () -> connection.produce(() -> {
                    if (!over) proceed(request, step);
                    return false;
                }));
        return Answer.LATER;
    }

    /** Goes on with a command: does a step under a lease. @return whether the command is complete */
    public boolean proceed(Request request, Step step) {
        Lease<MailboxStore> outer = lease;
        try (Lease<MailboxStore> mine = services.stores().lease().orElse(null)) {
            lease = mine;
            boolean missing = mine == null && needsStore(request.row().orElseThrow());
            Answer answer =
                    missing ? Answer.no("[UNAVAILABLE] The mailboxes are not to be reached") : Outcome.of(step, this);
            if (answer == Answer.LATER) return false;
            complete(request, answer);
            return true;
        } finally {
            lease = outer;
        }
    }

    /** Ends a command: what has happened in the mailbox meanwhile, then its answer. */
    void complete(Request request, Answer answer) {
        After after = request.row().map(CommandTable.Row::after).orElse(After.NOTHING);
        if (after != After.NOTHING && lease != null && !over) metadata.tell();
        boolean expunges = after == After.NEWS || request.uid() && !numbersInUse;
        Optional<News> news = notifications.hearsSelected(request) ? news(expunges) : Optional.empty();
        if (news.isEmpty()) conclude(request, answer);
        else if (!news.get().more(connection)) catchUp(request, answer);
        else connection.produce(() -> goOn(news.get(), request, answer));
    }

    private Optional<Answer> completed(Request request, Answer answer) {
        complete(request, answer);
        return Optional.of(answer);
    }

    private boolean goOn(News news, Request request, Answer answer) {
        if (over || news.more(connection)) return !over;
        catchUp(request, answer);
        return false;
    }

    /** What searches that are kept up to date have not looked at yet comes with the same command, in turns. */
    private void catchUp(Request request, Answer answer) {
        if (over || selection.filter(s -> s.contexts().behind()).isEmpty()) conclude(request, answer);
        else
            connection.await(
                    services.pause().apply(BREATH),
                    () -> connection.produce(() -> {
                        if (between(() -> completed(request, answer)).isEmpty()) conclude(request, answer);
                        return false;
                    }));
    }

    private void conclude(Request request, Answer answer) {
        atEnd.run();
        busy = false;
        numbersInUse = false;
        if (over) return;
        selection.ifPresent(s -> s.conclude(this));
        keys.tell();
        connection.send(request.tag() + " " + answer.word() + " " + dialect.text(answer.text()) + "\r\n");
        if (answer.word() != Answer.Word.BAD) mistakes.endRow();
        else wrong(request, answer.text());
        watching.goOn();
    }

    void wrong(Request request, String what) {
        if (mistakes.add(user(), request.row().map(CommandTable.Row::name), what)) bye("Too many wrong commands");
    }

    /** The connection is gone. */
    void closed() {
        over = true;
        login.leave();
        select(Optional.empty());
        watching.end();
        mistakes.log(connection);
    }

    /** What has happened in the selected mailbox, if there is one, under the lease that is held. */
    Optional<News> sync(boolean expunges) throws IOException {
        if (selection.isEmpty() || lease == null || over) return Optional.empty();
        return Optional.of(selection().sync(this, mailbox(), expunges));
    }

    /** The same for a command, which is done whether anybody can tell or not. */
    private Optional<News> news(boolean expunges) {
        try {
            return sync(expunges);
        } catch (IOException broken) {
            if (!over) Outcome.log("Changes in a mailbox of {} could not be read", this, broken);
            return Optional.empty();
        }
    }

    /** Tells what others did to flags, so that a change which is not told in full hides nothing; then goes on. */
    public Answer afterFlags(Request request, Step then) throws IOException {
        News news = selection().sync(this, mailbox(), false);
        if (!news.more(connection)) return then.run();
        return produce(request, () -> news.more(connection) ? Answer.LATER : then.run());
    }

    /** The command speaks of sequence numbers, though it begins with UID: they must not change before it ends, RFC 7162 3.2.10.2. */
    public void useNumbers() {
        numbersInUse = true;
    }

    /** Tells that, piece by piece, and then the answer. */
    public Answer tell(Request request, News news, Answer answer) {
        return produce(request, () -> news.more(connection) ? Answer.LATER : answer);
    }

    /** Looks under a lease, whether a command runs or not; empty when the mailboxes are away or cannot be read, which the log has. */
    <T> Optional<T> between(Look<T> look) {
        Lease<MailboxStore> outer = lease;
        try (Lease<MailboxStore> mine = services.stores().lease().orElse(null)) {
            lease = mine;
            return mine == null || over ? Optional.empty() : look.look();
        } catch (IOException broken) {
            if (!over) Outcome.log("Mailboxes of {} could not be looked at", this, broken);
            return Optional.empty();
        } finally {
            lease = outer;
        }
    }

    /** Takes over where another version left off. */
    void restore(Optional<Selection> selected, boolean withModSeq, boolean resyncing) {
        select(selected);
        condstore = withModSeq;
        qresync = resyncing;
    }

    /** TLS stands: what came in clear before counts for nothing, RFC 3501 6.2.1. */
    void secured() {
        select(Optional.empty());
        login.end();
        notifications.end();
        watching.end();
        failures = 0;
    }
}
