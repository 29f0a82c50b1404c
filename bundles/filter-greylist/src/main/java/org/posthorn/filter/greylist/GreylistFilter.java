package org.posthorn.filter.greylist;

import java.io.IOException;
import java.net.InetAddress;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
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
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.filter.Verdict;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.net.Network;
import org.posthorn.sql.Database;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts off who writes for the first time, RFC 6647: a mail server comes again, most senders of spam do not. */
@Component(
        property = {"name=greylist", "stateful:Boolean=true"},
        configurationPid = GreylistFilter.PID)
@Designate(ocd = GreylistFilter.Config.class)
public final class GreylistFilter implements MailFilter {

    static final String PID = "org.posthorn.filter.greylist";

    private static final Logger log = LoggerFactory.getLogger(GreylistFilter.class);
    private static final long HOUR = Duration.ofHours(1).toMillis();

    /** The settings. */
    @ObjectClassDefinition(name = "Greylist")
    public @interface Config {

        @AttributeDefinition(
                description = "How many seconds a stranger must wait before it comes again",
                min = "1",
                max = "86400")
        int delay() default 300;

        @AttributeDefinition(
                description = "How many hours it may take to come again; later it is a stranger again",
                min = "1",
                max = "720")
        int window() default 48;

        @AttributeDefinition(
                description = "How many days one that came again is remembered after its last mail",
                min = "1",
                max = "3650")
        int keep() default 36;

        @AttributeDefinition(
                description =
                        "After so many strangers of a network that came again, all of that network pass; 0 for never",
                min = "0",
                max = "1000000")
        int trust() default 5;

        @AttributeDefinition(description = "Networks whose clients pass unasked")
        String[] exempt() default {"127.0.0.0/8", "::1"};
    }

    private final Database database = new Database(Greylist.TABLES, Duration.ZERO);
    private final Clock clock;
    private final AtomicLong purged = new AtomicLong();
    private volatile Rules rules;

    /** By the settings. */
    @Activate
    public GreylistFilter(Config config) {
        this(rules(config), Clock.systemUTC());
    }

    GreylistFilter(Rules rules, Clock clock) {
        this.rules = rules;
        this.clock = clock;
    }

    private static Rules rules(Config config) {
        return new Rules(
                Duration.ofSeconds(config.delay()),
                Duration.ofHours(config.window()),
                Duration.ofDays(config.keep()),
                config.trust(),
                Arrays.stream(config.exempt()).map(Network::parse).toList());
    }

    @Modified
    void change(Config config) {
        rules = rules(config);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addSource(DataSource source, Map<String, ?> properties) {
        database.add(source, properties);
    }

    void removeSource(DataSource source) {
        database.remove(source);
    }

    @Override
    public Verdict recipient(Origin origin, Envelope before, Recipient recipient) throws IOException {
        InetAddress client = origin.client().getAddress();
        if (client == null || origin.login().isPresent()) return Verdict.PASS;
        if (rules.exempt().stream().anyMatch(network -> network.holds(client))) return Verdict.PASS;
        long seconds = wait(Meeting.of(client, before.sender(), recipient.address()));
        if (seconds == 0) return Verdict.PASS;
        String text = "We have not met yet; come again in " + seconds + " seconds";
        return new Verdict.Refuse(new Reply(451, "4.7.1", text));
    }

    private long wait(Meeting meeting) throws IOException {
        return database.ask(connection -> {
            Greylist greylist = new Greylist(connection, rules, clock.millis());
            purge(greylist);
            return greylist.wait(meeting);
        });
    }

    private void purge(Greylist greylist) throws SQLException {
        long last = purged.get();
        long now = clock.millis();
        if (now - last < HOUR || !purged.compareAndSet(last, now)) return;
        int rows = greylist.purge();
        if (rows > 0) log.info("Greylist: {} senders are forgotten", rows);
    }
}
