package org.posthorn.pop3;

import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
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
import org.osgi.service.metatype.annotations.Option;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.net.Connection;
import org.posthorn.api.net.Conversation;
import org.posthorn.api.net.Protocol;
import org.posthorn.api.net.Suspended;
import org.posthorn.api.users.Accounts;
import org.posthorn.sasl.OpenLogins;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The protocol {@code pop3}. */
@Component(configurationPid = "org.posthorn.pop3", property = "name=pop3")
@Designate(ocd = Pop3.Config.class)
public final class Pop3 implements Protocol {

    @ObjectClassDefinition(name = "POP3")
    @interface Config {
        @AttributeDefinition(
                description =
                        "After how many seconds of silence a client is cut off; RFC 1939 wants ten minutes at least.",
                min = "600",
                max = "86400")
        int timeout() default 600;

        @AttributeDefinition(
                description = "How many seconds a client has to log in, whatever it says meanwhile.",
                min = "5",
                max = "3600")
        int loginTimeout() default 60;

        @AttributeDefinition(
                description = "How many logins may fail on one connection before it is closed.",
                min = "1",
                max = "100")
        int maxFailures() default 3;

        @AttributeDefinition(
                description =
                        "Whose unique ids messages have: posthorn, or dovecot or uw where mailboxes were taken over from these. Who changes it has clients that leave mail on the server fetch all of it once more.",
                options = {@Option("posthorn"), @Option("dovecot"), @Option("uw")})
        String uidl() default "posthorn";
    }

    private static final Logger LOG = LoggerFactory.getLogger(Pop3.class);

    private final Leased<Accounts> accounts = new Leased<>();
    private final OpenLogins logins = new OpenLogins(accounts);
    private final Leased<MailboxStore> mailboxes = new Leased<>();
    private final LongSupplier nanoTime;
    private volatile Config config;
    private volatile UniqueId uniqueId;

    @Activate
    public Pop3(Config config) {
        this(config, System::nanoTime);
    }

    Pop3(Config config, LongSupplier nanoTime) {
        this.config = config;
        uniqueId = UniqueId.named(config.uidl());
        this.nanoTime = nanoTime;
    }

    /** Who has mistyped a setting goes on with those before. */
    @Modified
    void modified(Config changed) {
        try {
            uniqueId = UniqueId.named(changed.uidl());
            config = changed;
        } catch (IllegalArgumentException e) {
            LOG.error("The settings of POP3 are bad, and those before stay: {}", e.getMessage());
        }
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addAccounts(Accounts service, Map<String, ?> properties) {
        accounts.add(service, properties);
    }

    void removeAccounts(Accounts service) {
        accounts.remove(service);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addMailboxes(MailboxStore service, Map<String, ?> properties) {
        mailboxes.add(service, properties);
    }

    void removeMailboxes(MailboxStore service) {
        mailboxes.remove(service);
    }

    @Override
    public Conversation begin(Connection connection) {
        return new Session(this, connection);
    }

    @Override
    public Conversation resume(Connection connection, Suspended state) {
        return new Session(this, connection).resumed(state);
    }

    Leased<Accounts> accounts() {
        return accounts;
    }

    OpenLogins logins() {
        return logins;
    }

    Leased<MailboxStore> mailboxes() {
        return mailboxes;
    }

    Duration timeout() {
        return Duration.ofSeconds(config.timeout());
    }

    Duration loginTimeout() {
        return Duration.ofSeconds(config.loginTimeout());
    }

    long now() {
        return nanoTime.getAsLong();
    }

    int maxFailures() {
        return config.maxFailures();
    }

    UniqueId uniqueId() {
        return uniqueId;
    }
}
