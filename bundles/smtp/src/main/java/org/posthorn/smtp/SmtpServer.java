package org.posthorn.smtp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.posthorn.api.intake.MailIntake;
import org.posthorn.api.intake.SubmissionRules;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mailbox.MessageUrls;
import org.posthorn.api.users.Accounts;
import org.posthorn.sasl.OpenLogins;

/** What the three protocols have in common: their settings, and the services behind them. */
@Component(service = SmtpServer.class, configurationPid = SubmissionRules.PID)
@Designate(ocd = SmtpServer.Config.class)
public final class SmtpServer {

    @ObjectClassDefinition(name = "SMTP, submission and LMTP")
    @interface Config {
        @AttributeDefinition(
                description = "This server's name, for greetings and Received fields; empty: the machine's name")
        String hostname() default "";

        @AttributeDefinition(description = "What stands behind the name in the greeting")
        String banner() default "Posthorn";

        @AttributeDefinition(description = "The largest message that is taken, in octets", min = "65536")
        long maxSize() default SubmissionRules.MAX_SIZE;

        @AttributeDefinition(
                description = "How many recipients a message may have; RFC 5321 demands at least 100",
                min = "100",
                max = "100000")
        int maxRecipients() default SubmissionRules.MAX_RECIPIENTS;

        @AttributeDefinition(
                description = "After so many refused commands since the last mail the client is dropped",
                min = "1",
                max = "10000")
        int maxErrors() default 50;

        @AttributeDefinition(
                description =
                        "After so many commands that bring no mail forward since the last mail the client is dropped",
                min = "10",
                max = "100000")
        int maxCommands() default 500;

        @AttributeDefinition(
                description = "Milliseconds that each refusal is held back once half of maxErrors is reached",
                min = "0",
                max = "60000")
        int errorDelay() default 1000;

        @AttributeDefinition(
                description = "Seconds to wait for a command; RFC 5321 4.5.3.2.7 asks for 300",
                min = "1",
                max = "3600")
        int commandTimeout() default 300;

        @AttributeDefinition(description = "Seconds to wait for more of a message", min = "1", max = "3600")
        int dataTimeout() default 180;

        @AttributeDefinition(
                description = "Octets a second that a message must bring on the whole, after its first ten minutes",
                min = "0",
                max = "1000000")
        int slowestRate() default 100;

        @AttributeDefinition(description = "Whether AUTH is offered by smtp too, and not by submission alone")
        boolean loginOnSmtp() default false;

        @AttributeDefinition(
                description =
                        "Whether From and Sender of a message, too, must be addresses of the one who has logged in")
        boolean checkFrom() default SubmissionRules.CHECK_FROM;

        @AttributeDefinition(
                description =
                        "How many seconds ahead a user who hands mail in may set the time at which it goes (FUTURERELEASE); 0: not at all",
                min = "0",
                max = "999999999")
        int maxFutureRelease() default SubmissionRules.MAX_FUTURE_RELEASE;
    }

    private final Leased<MailIntake> intakes = new Leased<>();
    private final Leased<Accounts> accounts = new Leased<>();
    private final OpenLogins logins = new OpenLogins(accounts);
    private final Leased<MessageUrls> urls = new Leased<>();
    private final Function<Duration, CompletionStage<?>> clock;
    private volatile Settings settings;

    @Activate
    public SmtpServer(Config config) {
        this(settings(config), SmtpServer::pause);
    }

    /** @param clock gives a stage that ends after so long */
    SmtpServer(Settings settings, Function<Duration, CompletionStage<?>> clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @Modified
    void modified(Config config) {
        settings = settings(config);
    }

    @Reference(
            service = MailIntake.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindIntake(MailIntake intake, Map<String, ?> properties) {
        intakes.add(intake, properties);
    }

    void unbindIntake(MailIntake intake) {
        intakes.remove(intake);
    }

    @Reference(
            service = Accounts.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindAccounts(Accounts service, Map<String, ?> properties) {
        accounts.add(service, properties);
    }

    void unbindAccounts(Accounts service) {
        accounts.remove(service);
    }

    @Reference(
            service = MessageUrls.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindUrls(MessageUrls service, Map<String, ?> properties) {
        urls.add(service, properties);
    }

    void unbindUrls(MessageUrls service) {
        urls.remove(service);
    }

    Settings settings() {
        return settings;
    }

    Leased<Accounts> accounts() {
        return accounts;
    }

    OpenLogins logins() {
        return logins;
    }

    Leased<MailIntake> intakes() {
        return intakes;
    }

    /** Who reads what URLs stand for. */
    Leased<MessageUrls> urls() {
        return urls;
    }

    /** Ends when there is such a service, or when one has been waited for long enough. */
    CompletionStage<?> presentOrGrace(Leased<?> services) {
        return orGrace(services.present(List.of()));
    }

    /** Ends when somebody is there who reads URLs, and has the mailboxes, or when that has been waited for long enough. */
    CompletionStage<?> urlsOrGrace() {
        return presentOrGrace(urls).thenCompose(present -> orGrace(mailboxes()));
    }

    /** No lease is held while they are waited for, or who reads URLs could not be replaced. */
    private CompletionStage<Void> mailboxes() {
        try (Lease<MessageUrls> lease = urls.lease().orElse(null)) {
            return lease == null
                    ? CompletableFuture.completedFuture(null)
                    : lease.get().ready();
        }
    }

    private CompletionStage<Void> orGrace(CompletionStage<Void> stage) {
        CompletableFuture<Void> either = stage.toCompletableFuture();
        // Completing it is also what takes its listener away.
        if (!either.isDone()) after(Duration.ofSeconds(10)).thenRun(() -> either.complete(null));
        return either;
    }

    /** Ends after so long. */
    CompletionStage<?> after(Duration duration) {
        return clock.apply(duration);
    }

    private static CompletionStage<?> pause(Duration duration) {
        return new CompletableFuture<Void>().completeOnTimeout(null, duration.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Settings settings(Config c) {
        return new Settings(
                c.hostname().isBlank() ? machine() : c.hostname(),
                c.banner(),
                c.maxSize(),
                c.maxRecipients(),
                c.maxErrors(),
                c.maxCommands(),
                Duration.ofMillis(c.errorDelay()),
                Duration.ofSeconds(c.commandTimeout()),
                Duration.ofSeconds(c.dataTimeout()),
                c.slowestRate(),
                c.loginOnSmtp(),
                c.checkFrom(),
                Duration.ofSeconds(c.maxFutureRelease()));
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }
}
