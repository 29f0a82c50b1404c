package org.posthorn.deploy;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.posthorn.api.delivery.Transport;
import org.posthorn.api.dns.DnsResolver;
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.intake.MailIntake;
import org.posthorn.api.intake.Submission;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mailbox.MailboxFormat;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.net.Conversation;
import org.posthorn.api.net.Protocol;
import org.posthorn.api.net.Suspended;
import org.posthorn.api.queue.MailQueue;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.api.routing.Router;
import org.posthorn.api.shell.ShellCommands;
import org.posthorn.api.spool.KeptMail;
import org.posthorn.api.spool.Spool;
import org.posthorn.api.start.StartReport;
import org.posthorn.api.users.Accounts;
import org.posthorn.api.users.Authenticator;
import org.posthorn.api.users.UserDirectory;

/**
 * What of each service's contract can be asked in a moment, without a trace of it anywhere. That a service cannot tell just now ({@link IOException}) is no
 * breach beside the version before: the disk or the DNS may be away. Of one that is alone it is: it could not open what the version before had open.
 */
final class Contracts {

    /** When it can be asked. */
    enum When {
        /** While the version before is still at work. */
        BESIDE,
        /** When the version before has let go of what one alone may have. */
        ALONE,
        /** As alone, of what carries swaps out or tells how they went. */
        AT_THE_HELM
    }

    /** What is asked; what is thrown is the breach. */
    @FunctionalInterface
    interface Question<T> {
        void ask(T service, String name) throws IOException;
    }

    /** What is asked of services of a type. */
    record Contract<T>(Class<T> type, When when, Question<T> question) {

        void ask(T service, String name) {
            kept(service != null, "it cannot be had");
            try {
                question.ask(service, name);
            } catch (IOException cannotTellNow) {
                kept(when == When.BESIDE, String.valueOf(cannotTellNow.getMessage()));
            }
        }
    }

    private static final List<Contract<?>> ALL = List.of(
            beside(Protocol.class, Contracts::speaks),
            beside(MailFilter.class, (filter, name) -> judges(filter)),
            beside(MailIntake.class, (intake, name) -> begins(intake)),
            beside(Router.class, (router, name) -> kept(router.route(somebody()) != null, "route gives null")),
            beside(QueueStore.class, (store, name) -> kept(store.due(Instant.EPOCH, 1) != null, "due gives null")),
            beside(UserDirectory.class, (users, name) -> kept(users.user(somebody()) != null, "user gives null")),
            beside(Authenticator.class, (login, name) -> denies(login)),
            beside(ShellCommands.class, (shell, name) -> kept(!shell.commands().isEmpty(), "it has no commands")),
            beside(Transport.class, Contracts::isThere),
            beside(MailQueue.class, Contracts::isThere),
            beside(MailboxStore.class, Contracts::isThere),
            beside(MailboxFormat.class, Contracts::isThere),
            beside(Accounts.class, Contracts::isThere),
            beside(DnsResolver.class, Contracts::isThere),
            beside(StartReport.class, Contracts::isThere),
            alone(Spool.class, (spool, name) -> kept(spool.replay() != null, "replay gives null")),
            alone(
                    KeptMail.class,
                    (octets, name) -> kept(octets.message(MailId.next()).isEmpty(), "it keeps what it never had")),
            alone(DataSource.class, (source, name) -> connects(source)),
            new Contract<>(StartReport.class, When.AT_THE_HELM, (report, name) -> comesUp(report)));

    /** What asks a protocol what it can do, and how the answer begins. */
    private record FirstWord(String command, Pattern answer) {

        static FirstWord of(String command, String answer) {
            return new FirstWord(command, Pattern.compile(answer));
        }
    }

    /** RFC 5321 4.1.1.1, RFC 2033 4.1, RFC 3501 6.1.1, RFC 2449 5. */
    private static final Map<String, FirstWord> FIRST_WORDS = Map.of(
            "smtp", FirstWord.of("EHLO trial.invalid", "250[ -]"),
            "submission", FirstWord.of("EHLO trial.invalid", "250[ -]"),
            "lmtp", FirstWord.of("LHLO trial.invalid", "250[ -]"),
            "imap", FirstWord.of("t CAPABILITY", "\\* CAPABILITY [^\r\n]*\r\nt OK "),
            "pop3", FirstWord.of("CAPA", "\\+OK"));

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private Contracts() {}

    private static <T> Contract<T> beside(Class<T> type, Question<T> question) {
        return new Contract<>(type, When.BESIDE, question);
    }

    private static <T> Contract<T> alone(Class<T> type, Question<T> question) {
        return new Contract<>(type, When.ALONE, question);
    }

    static List<Contract<?>> of(String type, When when) {
        return ALL.stream()
                .filter(c -> c.when() == when && c.type().getName().equals(type))
                .toList();
    }

    /** What is thrown is shown, so it says what the service did. */
    private static void kept(boolean promise, String otherwise) {
        if (!promise) throw new IllegalStateException(otherwise);
    }

    /** Nothing more can be asked without a trace. That it could be had means that it was activated, and did not throw. */
    private static void isThere(Object service, String name) {
        Objects.requireNonNull(service, name);
    }

    private static Address somebody() {
        return new Address("nobody", "trial.invalid");
    }

    /** Greets, goes on in another service with what it began in one, which each swap asks of it, and answers the first thing that clients say. */
    private static void speaks(Protocol protocol, String name) {
        Rehearsal first = new Rehearsal(name);
        Conversation talk = protocol.begin(first);
        talk.opened();
        kept(first.said().endsWith("\r\n"), "it does not greet");
        Optional<Suspended> state = talk.suspend();
        kept(state.isPresent(), "it cannot be suspended behind its greeting");
        Rehearsal second = new Rehearsal(name);
        Conversation next = protocol.resume(second, state.get());
        talk.closed();
        if (FIRST_WORDS.containsKey(name)) answers(FIRST_WORDS.get(name), next, second);
        next.closed();
    }

    private static void answers(FirstWord word, Conversation talk, Rehearsal connection) {
        talk.line(word.command);
        kept(
                word.answer.matcher(connection.said()).lookingAt(),
                "to " + word.command + " it says \"" + connection.said().strip() + '"');
    }

    private static void judges(MailFilter filter) throws IOException {
        Origin origin = Origin.local("trial.invalid");
        Recipient recipient = new Recipient(somebody(), Set.of(), Optional.empty());
        Envelope envelope = new Envelope(Optional.empty(), MailParameters.NONE, List.of(recipient));
        Mail mail = new Mail(MailId.next(), Instant.now(), origin, envelope, new Letter(), false);
        for (Object verdict :
                new Object[] {filter.client(origin), filter.sender(origin, Optional.empty()), filter.message(mail)})
            kept(verdict != null, "it says nothing");
    }

    private static void begins(MailIntake intake) {
        kept(intake.ready() != null, "ready gives null");
        try (Submission submission = intake.begin(Origin.local("trial.invalid"))) {
            Objects.requireNonNull(submission, "begin gives null");
        }
    }

    private static void denies(Authenticator login) throws IOException {
        boolean right = login.verify(somebody(), "trial").orElse(false);
        kept(!right, "it lets in a user who does not exist");
    }

    /** Settings, say, may be wrong in a server that runs; this asks only those whose problems are their own. */
    private static void comesUp(StartReport report) throws IOException {
        while (!report.ready()) {
            LockSupport.parkNanos(LOOK_NANOS);
            if (Thread.interrupted()) return;
        }
        report.problems().forEach(problem -> kept(false, problem.line()));
    }

    private static void connects(DataSource source) throws IOException {
        try {
            source.getConnection().close();
        } catch (SQLException e) {
            throw new IllegalStateException("it gives no connection: " + e.getMessage(), e);
        }
    }
}
