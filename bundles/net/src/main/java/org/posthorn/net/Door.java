package org.posthorn.net;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
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
import org.posthorn.api.lease.Leased;
import org.posthorn.api.net.Farewell;
import org.posthorn.api.net.Protocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all listeners share: threads, the certificate, the limits, and the protocols that are there. */
@Component(service = Door.class, configurationPid = "org.posthorn.net")
@Designate(ocd = Door.Config.class)
public final class Door {

    private static final Logger LOG = LoggerFactory.getLogger(Door.class);

    @ObjectClassDefinition(name = "The door", description = "What all listeners share.")
    @interface Config {
        @AttributeDefinition(
                description =
                        "PEM file of the server's certificate and those that lead to its root. Empty: a self-signed one is made"
                                + " in the data directory. Read again when it changes.")
        String certificate() default "";

        @AttributeDefinition(
                description = "PEM file of the certificate's key, without a password (PKCS#8, PKCS#1 or EC).")
        String key() default "";

        @AttributeDefinition(
                description = "Whether passwords may come without TLS. A listener can say otherwise for itself.")
        boolean clearLogin() default false;

        @AttributeDefinition(description = "Most connections at a time, in all.", min = "1", max = "1000000")
        int maxConnections() default 10000;

        @AttributeDefinition(
                description =
                        "Most connections at a time of one client to one listener, an IPv6 network of 64 bits counting as one. 0: no limit. A listener can say otherwise for itself.",
                min = "0",
                max = "1000000")
        int maxPerClient() default 50;

        @AttributeDefinition(
                description = "Most threads that work for clients at a time. Java 24 and later needs no such limit.",
                min = "4",
                max = "10000")
        int workers() default 200;

        @AttributeDefinition(
                description = "Seconds that clients wait for a protocol that is being replaced.",
                min = "0",
                max = "600")
        int grace() default 10;
    }

    private static final IntSupplier NO_LIMIT = () -> 0;
    private static final int TICK_MILLIS = 500;
    private static final int CERTIFICATE_MILLIS = 2000;
    private static final Duration DRAIN = Duration.ofSeconds(10);
    /** When another version is there already, nobody waits for those who are slow. */
    private static final Duration DRAIN_BESIDE = Duration.ofMinutes(1);

    private static final Duration DRAIN_AT_THE_END = Duration.ofSeconds(2);

    private final Path data;
    private final int portOffset;
    private final boolean offline;
    private final Bundle system;
    private final ServerName serverName;
    private final Protocols protocols = new Protocols();
    private final Workers workers;
    private final Crowd everybody;
    private final TlsKeys keys = new TlsKeys();
    private final Network network;
    private final ScheduledThreadPoolExecutor clock;
    private volatile Config config;

    @Activate
    public Door(BundleContext context, Config config, @Reference ServerName serverName) {
        this.config = config;
        this.data = Path.of(property(context, "posthorn.data", "data"));
        this.portOffset = offset(context);
        this.offline = property(context, "posthorn.mode", "run").equals("offline");
        this.system = context.getBundle(0);
        this.serverName = serverName;
        this.workers = new Workers(config.workers());
        this.everybody = new Crowd(config.maxConnections(), NO_LIMIT);
        this.network = new Network(
                new Surroundings(
                        workers, protocols, keys, System::nanoTime, () -> Duration.ofSeconds(this.config.grace())),
                everybody);
        this.clock = new ScheduledThreadPoolExecutor(1, work -> Workers.thread(work, "net-clock"));
        if (!offline) start();
    }

    /** What the start adds to each port. */
    static int offset(BundleContext context) {
        return Integer.parseInt(property(context, "posthorn.port.offset", "0"));
    }

    private static String property(BundleContext context, String name, String otherwise) {
        String value = context.getProperty(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }

    private void start() {
        useKeys();
        clock.scheduleWithFixedDelay(() -> network.each(Door::tick), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        clock.scheduleWithFixedDelay(network.refusals()::tell, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        clock.scheduleWithFixedDelay(keys::look, CERTIFICATE_MILLIS, CERTIFICATE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** A fault of one client, or a lack of threads, must not end the clock for all. */
    private static void tick(Client client) {
        try {
            client.tick();
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.error("The timeouts of a connection could not be looked at", e);
        }
    }

    @Modified
    void modified(Config changed) {
        config = changed;
        workers.most(changed.workers());
        everybody.limits(changed.maxConnections(), NO_LIMIT);
        if (!offline) useKeys();
    }

    @Deactivate
    void stop() {
        clock.shutdownNow();
        network.close();
        workers.close();
    }

    private void useKeys() {
        if (config.certificate().isBlank()) keys.use(SelfSigned.in(data.resolve("tls"), serverName.name()));
        else keys.use(new TlsKeys.FilePair(Path.of(config.certificate()), Path.of(config.key())));
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addProtocol(Protocol protocol, Map<String, Object> properties) {
        protocols.add(protocol, properties);
    }

    /** Returns when no conversation of that protocol is left: each has moved, waits for another, or has been told goodbye. */
    void removeProtocol(Protocol protocol, Map<String, Object> properties) {
        protocols.remove(protocol);
        if (system.getState() == Bundle.STOPPING) network.leave(protocol, DRAIN_AT_THE_END, Farewell.STOPPING);
        else if (protocols.has(String.valueOf(properties.get(Leased.NAME))))
            network.leave(protocol, DRAIN_BESIDE, Farewell.REPLACED);
        else network.leave(protocol, DRAIN, Farewell.STOPPING);
    }

    /** Whether a command is carried out and nothing is listened on. */
    boolean offline() {
        return offline;
    }

    /** For a listener that does not say. */
    int maxPerClient() {
        return config.maxPerClient();
    }

    boolean clearLogin() {
        return config.clearLogin();
    }

    /** The port that is listened on where that one is asked for; may be beyond the last one that there is. */
    int shifted(int port) {
        return port == 0 ? 0 : port + portOffset;
    }

    Network network() {
        return network;
    }

    TlsKeys keys() {
        return keys;
    }

    ScheduledExecutorService clock() {
        return clock;
    }
}
