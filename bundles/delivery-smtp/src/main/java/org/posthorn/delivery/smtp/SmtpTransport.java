package org.posthorn.delivery.smtp;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.delivery.Transport;
import org.posthorn.api.dns.DnsResolver;
import org.posthorn.api.events.MailEvents;
import org.posthorn.api.events.Teller;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;

/** The way to other servers by SMTP. */
@Component(configurationPid = "org.posthorn.delivery.smtp", service = Transport.class, property = "name=smtp")
@Designate(ocd = SmtpTransport.Config.class)
public final class SmtpTransport implements Transport {

    @ObjectClassDefinition(name = "Delivery by SMTP", description = "How mail goes to other servers.")
    @interface Config {
        @AttributeDefinition(
                description = "The port of other servers, where a route names none.",
                min = "1",
                max = "65535")
        int port() default 25;

        @AttributeDefinition(
                description =
                        "TLS to other servers, where a route does not say: never, may (if they can, whoever they are) or must.",
                options = {@Option("never"), @Option("may"), @Option("must")})
        String tls() default "may";

        @AttributeDefinition(
                description = "Whether, where TLS is a must, the certificate must be valid for the server's name.")
        boolean verify() default true;

        @AttributeDefinition(
                description = "PEM file of certificates that are believed besides those that the JVM believes.")
        String trust() default "";

        @AttributeDefinition(
                description = "Seconds to wait for a connection. The other times are those of RFC 5321 4.5.3.2.",
                min = "1",
                max = "300")
        int connectTimeout() default 30;

        @AttributeDefinition(
                description = "Seconds that a session is kept open for the next mail.",
                min = "0",
                max = "60")
        int reuse() default 5;

        @AttributeDefinition(
                description =
                        "Minutes until an attempt is given up, however many servers it has tried and however slowly they go; only the answer to"
                                + " the end of a mail is waited for longer.",
                min = "1",
                max = "1440")
        int attemptTimeout() default 30;
    }

    private final Supplier<String> hostname;
    private final Predicate<InetSocketAddress> ours;
    private final Leased<DnsResolver> dns = new Leased<>();
    private final Teller teller = new Teller();
    private final Watch watch;
    private volatile Settings settings;

    /** @param tls where a route does not say */
    record Settings(int port, NextHop.TlsPolicy tls, boolean verify, TlsClient client, Timeouts timeouts) {

        static Settings of(Config c) {
            Optional<Path> trust = c.trust().isBlank() ? Optional.empty() : Optional.of(Path.of(c.trust()));
            return new Settings(
                    c.port(),
                    NextHop.TlsPolicy.valueOf(c.tls().toUpperCase(Locale.ROOT)),
                    c.verify(),
                    new TlsClient(trust),
                    Timeouts.rfc(Duration.ofSeconds(c.connectTimeout()), Duration.ofMinutes(c.attemptTimeout())));
        }
    }

    @Activate
    public SmtpTransport(
            BundleContext context,
            Config config,
            @Reference ServerName serverName,
            @Reference ConfigurationAdmin admin) {
        this(
                serverName::name,
                new OwnPorts(admin, offset(context))::has,
                Settings.of(config),
                Duration.ofSeconds(config.reuse()));
    }

    SmtpTransport(Supplier<String> hostname, Predicate<InetSocketAddress> ours, Settings settings, Duration reuse) {
        this.hostname = hostname;
        this.ours = ours;
        this.settings = settings;
        this.watch = new Watch(reuse, System::nanoTime);
    }

    private static int offset(BundleContext context) {
        String offset = context.getProperty("posthorn.port.offset");
        return offset == null || offset.isEmpty() ? 0 : Integer.parseInt(offset);
    }

    @Modified
    void modified(Config config) {
        settings = Settings.of(config);
        watch.keep(Duration.ofSeconds(config.reuse()));
    }

    @Deactivate
    void stop() {
        watch.close();
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addDns(DnsResolver resolver, Map<String, Object> properties) {
        dns.add(resolver, properties);
    }

    void removeDns(DnsResolver resolver) {
        dns.remove(resolver);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addEvents(MailEvents events, Map<String, Object> properties) {
        teller.add(events, properties);
    }

    void removeEvents(MailEvents events) {
        teller.remove(events);
    }

    @Override
    public Map<Recipient, Outcome> deliver(Mail mail, List<Recipient> recipients, String nextHop) {
        Settings now = settings;
        Map<Recipient, Outcome> outcomes = new LinkedHashMap<>();
        RemoteSession.Manner manner = manner(now);
        Outcome rest;
        try {
            NextHop hop = NextHop.parse(nextHop, now.tls);
            Exchangers.Found found = find(hop, now);
            rest = found instanceof Exchangers.Found.Servers servers
                    ? new Attempt(manner, watch, hop, mail, outcomes, teller).at(servers.list(), recipients)
                    : found(((Exchangers.Found.No) found).reply());
        } catch (IllegalArgumentException e) {
            rest = found(new Reply(451, "4.3.5", "the route " + nextHop + " is wrong: " + e.getMessage()));
        }
        for (Recipient r : recipients) outcomes.putIfAbsent(r, rest);
        return outcomes;
    }

    private RemoteSession.Manner manner(Settings now) {
        long until = System.nanoTime() + now.timeouts.attempt().toNanos();
        return new RemoteSession.Manner(
                hostname.get(), now.timeouts, now.client, now.verify, System::nanoTime, until, watch);
    }

    private Exchangers.Found find(NextHop hop, Settings now) {
        try (Lease<DnsResolver> lease = dns.lease().orElse(null)) {
            if (lease == null) return Exchangers.silent(hop);
            return new Exchangers(lease.get(), now.port, hostname.get(), ours, System::nanoTime).find(hop);
        }
    }

    /** What no server has said, but we have found ourselves. */
    static Outcome found(Reply reply) {
        return refused("", reply);
    }

    /** The same, of that server. */
    static Outcome found(Reply reply, Exchangers.Server server) {
        return found(new Reply(reply.code(), reply.enhanced(), server + ": " + reply.text()));
    }

    /** Not now or never, as the reply says. @param host who said it */
    static Outcome refused(String host, Reply reply) {
        return reply.permanentFailure() ? new Outcome.Failed(host, reply) : new Outcome.Deferred(host, reply);
    }
}
