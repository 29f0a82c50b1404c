package org.posthorn.intake;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletionStage;
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
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.intake.MailIntake;
import org.posthorn.api.intake.Submission;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.queue.MailQueue;
import org.posthorn.api.routing.Router;
import org.posthorn.api.spool.Spool;

/** The way in. */
@Component(
        service = {MailIntake.class, Intake.class},
        configurationPid = "org.posthorn.intake")
@Designate(ocd = Intake.Config.class)
public final class Intake implements MailIntake {

    /** The settings. */
    @ObjectClassDefinition(name = "Intake")
    public @interface Config {

        @AttributeDefinition(
                description =
                        "The filters that judge mail, by name, in that order; mail is refused for now while one is missing")
        String[] filters() default {"size"};

        @AttributeDefinition(
                description = "How many seconds a client waits for a missing part before it is told to come again",
                min = "0",
                max = "300")
        int grace() default 10;

        @AttributeDefinition(
                description =
                        "How many seconds a filter or router may take; then it is given up, and the mail refused for now",
                min = "1",
                max = "600")
        int limit() default 30;

        @AttributeDefinition(
                description =
                        "How many seconds a filter or router is left alone that failed three times in a row; mail is refused"
                                + " for now",
                min = "1",
                max = "3600")
        int pause() default 60;

        @AttributeDefinition(
                description = "How many filters and routers may be at work at the same time",
                min = "1",
                max = "4096")
        int workers() default 64;

        @AttributeDefinition(
                description = "How many servers a mail may have passed, by its Received fields",
                min = "10",
                max = "1000")
        int maxHops() default 50;
    }

    private final Parts parts = new Parts();
    private final Clock clock;
    private final TraceFields trace;
    private final Watchdog watchdog;
    private final Judges judges;
    private volatile Settings settings;

    /** By the settings. */
    @Activate
    public Intake(Config config) {
        this(Settings.of(config), Clock.systemDefaultZone());
    }

    Intake(Settings settings, Clock clock) {
        this.clock = clock;
        this.settings = settings;
        this.trace = new TraceFields(clock.getZone());
        this.watchdog = new Watchdog(settings, clock);
        this.judges = new Judges(watchdog);
    }

    @Modified
    void change(Config config) {
        settings = Settings.of(config);
        watchdog.change(settings);
    }

    @Deactivate
    void close() {
        watchdog.close();
    }

    @Override
    public CompletionStage<Void> ready() {
        return parts.ready(settings.filters(), settings.grace());
    }

    @Override
    public Submission begin(Origin origin) {
        return new Transaction(origin, this);
    }

    Parts parts() {
        return parts;
    }

    Clock clock() {
        return clock;
    }

    TraceFields trace() {
        return trace;
    }

    Watchdog watchdog() {
        return watchdog;
    }

    Judges judges() {
        return judges;
    }

    Settings settings() {
        return settings;
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addFilter(MailFilter filter, Map<String, ?> properties) {
        parts.filters().add(filter, properties);
    }

    void removeFilter(MailFilter filter) {
        parts.filters().remove(filter);
        parts.known().remove(filter);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addRouter(Router router, Map<String, ?> properties) {
        parts.routers().add(router, properties);
    }

    void removeRouter(Router router) {
        parts.routers().remove(router);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addSpool(Spool spool, Map<String, ?> properties) {
        parts.spools().add(spool, properties);
    }

    void removeSpool(Spool spool) {
        parts.spools().remove(spool);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addQueue(MailQueue queue, Map<String, ?> properties) {
        parts.queues().add(queue, properties);
    }

    void removeQueue(MailQueue queue) {
        parts.queues().remove(queue);
    }
}
