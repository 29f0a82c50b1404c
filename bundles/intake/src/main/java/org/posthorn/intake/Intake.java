package org.posthorn.intake;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
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
import org.posthorn.api.events.MailEvents;
import org.posthorn.api.events.Teller;
import org.posthorn.api.filter.Comparisons;
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.intake.MailIntake;
import org.posthorn.api.intake.Submission;
import org.posthorn.api.lease.Probation;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mailbox.SentCopies;
import org.posthorn.api.queue.MailQueue;
import org.posthorn.api.routing.Router;
import org.posthorn.api.spool.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way in. */
@Component(
        service = {MailIntake.class, Intake.class},
        configurationPid = "org.posthorn.intake")
@Designate(ocd = Intake.Config.class)
public final class Intake implements MailIntake {

    private static final Logger log = LoggerFactory.getLogger(Intake.class);

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
                        "How many seconds a filter or router may take; then it is given up, and the mail refused for now; the copy for its sender may take as"
                                + " long, then the mail goes without",
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

        @AttributeDefinition(
                description =
                        "The filters that see all mail and do not count, by name or, as example@1.1.0, by name and version")
        String[] shadow() default {};

        @AttributeDefinition(
                description = "How many mails each filter in the shadow may be at at the same time",
                min = "1",
                max = "64")
        int shadowWorkers() default 2;

        @AttributeDefinition(
                description =
                        "How often within an hour a promoted filter may fail; then it falls back to the shadow by itself",
                min = "1",
                max = "1000000")
        int shadowFailures() default 3;
    }

    /** So long after a start the parts that there are have come. */
    private static final Duration START = Duration.ofSeconds(10);

    private final Parts parts = new Parts();
    private final Teller teller = new Teller();
    private final Clock clock;
    private final TraceFields trace;
    private final Watchdog watchdog;
    private final Judges judges;
    private final Promotions promotions;
    private final SentKeeping sent = new SentKeeping();
    private final Shadows shadows;
    private volatile Settings settings;
    private volatile boolean closed;

    /** By the settings. */
    @Activate
    public Intake(Config config, BundleContext context) {
        this(Settings.of(config), promotionFile(context), Clock.systemDefaultZone());
        if (!"offline".equals(context.getProperty("posthorn.mode"))) begun(START);
    }

    /** @param promotions where it is kept what was promoted */
    Intake(Settings settings, Optional<PromotionFile> promotions, Clock clock) {
        this.clock = clock;
        this.settings = settings;
        this.trace = new TraceFields(clock.getZone());
        this.watchdog = new Watchdog(settings, Watchdog.MOST_LOST, clock);
        this.judges = new Judges(watchdog);
        this.promotions = new Promotions(promotions, clock);
        this.shadows = new Shadows(parts.filters(), clock);
        shadows.change(settings);
    }

    private static Optional<PromotionFile> promotionFile(BundleContext context) {
        return Optional.ofNullable(context.getProperty("posthorn.data"))
                .map(data -> new PromotionFile(Path.of(data, "intake", "promotions")));
    }

    @Modified
    void change(Config config) {
        settings = Settings.of(config);
        watchdog.change(settings);
        shadows.change(settings);
        warnOfMissingFilter();
    }

    /** Warns of a filter that has not come within that time: one that comes a little later, as from {@code deploy/}, is none that is missing. */
    CompletionStage<Void> begun(Duration start) {
        return parts.ready(settings.filters(), start).thenRun(this::warnOfMissingFilter);
    }

    private void warnOfMissingFilter() {
        if (closed) return;
        try (Chain chain = new Chain(settings.filters(), parts)) {
            chain.missing()
                    .ifPresent(name -> log.warn("There is no filter {}; all mail is put off until there is", name));
        }
    }

    @Deactivate
    void close() {
        closed = true;
        shadows.close();
        sent.close();
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

    /** Who judges a mail of that sender now. */
    List<String> chain(Origin origin, Optional<Address> sender) {
        return promotions.chain(
                settings,
                origin,
                sender,
                name -> parts.filters().there(name)
                        && !watchdog.breaker(Judges.plugin(name)).open());
    }

    /** A filter or router failed, as the watchdog calls it. */
    void failed(String plugin) {
        if (plugin.isEmpty()) return;
        for (String name : settings.shadow())
            if (plugin.equals(Judges.plugin(name))) promotions.failed(name, settings.shadowFailures());
    }

    Parts parts() {
        return parts;
    }

    Teller teller() {
        return teller;
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

    Promotions promotions() {
        return promotions;
    }

    SentKeeping sent() {
        return sent;
    }

    Shadows shadows() {
        return shadows;
    }

    Settings settings() {
        return settings;
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addFilter(MailFilter filter, Map<String, ?> properties) {
        parts.filters().add(filter, properties, Home.of(properties));
        changed(filterPlugins(properties), properties);
    }

    void removeFilter(MailFilter filter, Map<String, ?> properties) {
        parts.filters().remove(filter);
        changed(filterPlugins(properties), properties);
    }

    private static List<String> filterPlugins(Map<String, ?> properties) {
        return Filters.names(properties, Home.of(properties)).stream()
                .map(Judges::plugin)
                .toList();
    }

    /** Another is in the place of one that may have failed. Not so one on trial, which nobody has asked. */
    private void changed(List<String> plugins, Map<String, ?> properties) {
        if (properties.get("service.bundleid") instanceof Long bundle && Probation.has(bundle)) return;
        plugins.forEach(watchdog::renew);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addComparisons(Comparisons listener) {
        shadows.listeners().add(listener);
    }

    void removeComparisons(Comparisons listener) {
        shadows.listeners().remove(listener);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addRouter(Router router, Map<String, ?> properties) {
        parts.routers().add(router, properties);
        changed(List.of(Routes.plugin(router)), properties);
    }

    void removeRouter(Router router, Map<String, ?> properties) {
        parts.routers().remove(router);
        changed(List.of(Routes.plugin(router)), properties);
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

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addSentCopies(SentCopies copies, Map<String, ?> properties) {
        sent.add(copies, properties);
    }

    void removeSentCopies(SentCopies copies) {
        sent.remove(copies);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addEvents(MailEvents events, Map<String, ?> properties) {
        teller.add(events, properties);
    }

    void removeEvents(MailEvents events) {
        teller.remove(events);
    }
}
