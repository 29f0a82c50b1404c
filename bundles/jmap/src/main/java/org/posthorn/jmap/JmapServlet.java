package org.posthorn.jmap;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.posthorn.api.http.WebRequest;
import org.posthorn.api.intake.SubmissionRules;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.users.Credential;
import org.posthorn.jmap.mail.MdnCapability;
import org.posthorn.jmap.mail.Outbox;
import org.posthorn.jmap.mail.ScheduledCapability;
import org.posthorn.jmap.mail.Sending;
import org.posthorn.jmap.mail.ShareNotifications;
import org.posthorn.jmap.mail.SnoozeAlarm;
import org.posthorn.jmap.mail.Snoozes;
import org.posthorn.jmap.mail.SubmissionCapability;
import org.posthorn.sasl.LeasedAccounts;
import org.posthorn.sasl.OpenLogins;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** JMAP behind the HTTP door: who asks is found out here, and what he asks for is a {@link Resource}'s. */
@Component(
        service = Servlet.class,
        property = {
            Leased.NAME + "=jmap",
            WebRequest.PATTERNS + "=/jmap/*",
            WebRequest.PATTERNS + "=/auth/*",
            WebRequest.PATTERNS + "=/.well-known/jmap"
        },
        configurationPid = "org.posthorn.jmap")
@Designate(ocd = JmapServlet.Config.class)
public final class JmapServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    @ObjectClassDefinition(name = "JMAP", description = "How mail is read and written by JMAP")
    @interface Config {
        @AttributeDefinition(description = "The longest upload, in octets", min = "65536", max = "2147483647")
        int maxSizeUpload() default 104857600;

        @AttributeDefinition(description = "Uploads of one account at a time", min = "1", max = "1000")
        int maxConcurrentUpload() default 4;

        @AttributeDefinition(description = "The longest request, in octets", min = "65536", max = "16777216")
        int maxSizeRequest() default 10000000;

        @AttributeDefinition(description = "Requests of one account at a time", min = "1", max = "1000")
        int maxConcurrentRequests() default 10;

        @AttributeDefinition(description = "Method calls in a request", min = "1", max = "256")
        int maxCallsInRequest() default 32;

        @AttributeDefinition(description = "Objects that a call may ask for", min = "1", max = "100000")
        int maxObjectsInGet() default 1000;

        @AttributeDefinition(description = "Objects that a call may change", min = "1", max = "100000")
        int maxObjectsInSet() default 1000;

        @AttributeDefinition(
                description = "MiB that the uploads of an account may have together",
                min = "1",
                max = "1048576")
        int uploadSpace() default 1024;

        @AttributeDefinition(
                description = "Hours that an upload is kept which nothing uses (RFC 8620 6: at least one)",
                min = "1",
                max = "720")
        int uploadHours() default 24;

        @AttributeDefinition(
                description = "Days that a sent EmailSubmission is remembered, 2,000 of an account at most",
                min = "1",
                max = "3650")
        int submissionDays() default 30;

        @AttributeDefinition(
                description =
                        "Whether push services may have addresses that are not public: any user has the server speak to them then")
        boolean pushToPrivate() default false;
    }

    private static final int SWEEP_MINUTES = 10;

    private static final Logger LOG = LoggerFactory.getLogger(JmapServlet.class);

    private final transient Parts parts;
    private final transient Pushes pushes;
    private transient Outbox outbox;
    private transient volatile boolean pushToPrivate;
    private transient Snoozes snoozes;
    private transient SnoozeAlarm alarm;
    private transient volatile Duration remembered = Duration.ZERO;
    private final transient ScheduledThreadPoolExecutor clock;
    private final transient ScheduledThreadPoolExecutor watch;
    private final transient Events events;
    private final transient SocketResource sockets;
    private final transient Gate gate;
    private transient volatile Limits limits;

    @Activate
    public JmapServlet(
            BundleContext context,
            Config config,
            @Reference ConfigurationAdmin settings,
            @Reference Parts parts,
            @Reference ShareNotifications shares) {
        this(
                data(context),
                limits(config),
                parts,
                servlet -> servlet.pushes(data(context), config, settings),
                servlet -> servlet.whole(data(context), config, settings, shares),
                new ScheduledThreadPoolExecutor(1, work -> thread(work, "jmap-clock")),
                new ScheduledThreadPoolExecutor(1, work -> thread(work, "jmap-watch")));
    }

    private static Path data(BundleContext context) {
        return Path.of(
                Optional.ofNullable(context.getProperty("posthorn.data")).orElse(System.getProperty("java.io.tmpdir")));
    }

    private Pushes pushes(Path data, Config config, ConfigurationAdmin settings) {
        pushToPrivate = config.pushToPrivate();
        Pushes.Settings set = Pushes.Settings.of(
                () -> pushToPrivate,
                () -> "mailto:postmaster@" + rules(settings).server());
        return new Pushes(data, parts.issuers(), set, clock);
    }

    private MethodTable whole(Path data, Config config, ConfigurationAdmin settings, ShareNotifications shares) {
        remembered = Duration.ofDays(config.submissionDays());
        outbox = new Outbox(data, Clock.systemUTC());
        Sending sending = new Sending(
                new LeasedAccounts(parts.accounts()),
                parts.intakes(),
                parts.queues(),
                parts.stories(),
                parts.stores(),
                () -> rules(settings));
        snoozes = new Snoozes(data, Clock.systemUTC());
        alarm = new SnoozeAlarm(snoozes, parts.stores(), clock);
        return MethodTable.whole(
                pushes.methods(),
                parts.stories(),
                snoozes,
                shares,
                pushes.capability(),
                new SubmissionCapability(sending, outbox, () -> remembered, snoozes, clock),
                new ScheduledCapability(),
                new MdnCapability(sending, outbox));
    }

    private static SubmissionRules rules(ConfigurationAdmin settings) {
        try {
            Configuration[] ports =
                    settings.listConfigurations("(" + Constants.SERVICE_PID + "=" + SubmissionRules.PID + ")");
            Dictionary<String, Object> all = ports == null ? new Hashtable<>() : ports[0].getProperties();
            return SubmissionRules.of(all::get);
        } catch (IOException | InvalidSyntaxException e) {
            throw new IllegalStateException("the settings of the submission ports cannot be read", e);
        }
    }

    /**
     * @param data the server's data folder
     * @param parts that requests are carried out with
     * @param pushes to those who are not connected; ends with this
     * @param clock of one thread, on which nothing waits for another part of the server; ends with this
     * @param watch of one thread, on which is looked for changes, and which waits for whom it asks; ends with this
     */
    JmapServlet(
            Path data,
            Limits limits,
            MethodTable methods,
            Parts parts,
            Pushes pushes,
            ScheduledThreadPoolExecutor clock,
            ScheduledThreadPoolExecutor watch) {
        this(data, limits, parts, servlet -> pushes, servlet -> methods, clock, watch);
    }

    private JmapServlet(
            Path data,
            Limits limits,
            Parts parts,
            Function<JmapServlet, Pushes> push,
            Function<JmapServlet, MethodTable> table,
            ScheduledThreadPoolExecutor clock,
            ScheduledThreadPoolExecutor watch) {
        this.parts = parts;
        this.limits = limits;
        this.clock = clock;
        this.watch = watch;
        pushes = push.apply(this);
        MethodTable methods = table.apply(this);
        Uploads uploads = new Uploads(data, () -> this.limits, new SecureRandom(), Clock.systemUTC());
        Services services = new Services(
                parts.stores(),
                parts.accounts(),
                new OpenLogins(parts.accounts()),
                methods,
                uploads,
                () -> this.limits);
        SessionResource session = new SessionResource(services);
        events = new Events(services, watch);
        pushes.begin(services);
        clock.setRemoveOnCancelPolicy(true);
        watch.setRemoveOnCancelPolicy(true);
        clock.scheduleWithFixedDelay(() -> sweep(uploads), 1, SWEEP_MINUTES, TimeUnit.MINUTES);
        Map<String, Resource> resources = new LinkedHashMap<>();
        resources.put("/.well-known/jmap", session);
        Requests requests = new Requests(services, session);
        sockets = new SocketResource(requests, services, watch);
        resources.put("/jmap/api", new ApiResource(requests));
        resources.put("/jmap/ws", sockets);
        resources.put("/jmap/upload", new UploadResource(services, uploads));
        resources.put("/jmap/download", new DownloadResource(services));
        resources.put("/jmap/eventsource", events);
        Logins logins = new Logins(new LeasedAccounts(parts.accounts()), parts.issuers());
        Turns issuing = new Turns();
        for (Credential.Kind kind : Credential.Kind.values())
            resources.put(IssuedResource.path(kind), new IssuedResource(kind, parts.issuers(), issuing));
        gate = new Gate(resources, logins, clock);
    }

    private static void sweep(Uploads uploads) {
        try {
            uploads.sweep();
        } catch (IOException | RuntimeException e) {
            LOG.warn("Uploads whose time is over cannot be removed: {}", e.toString());
        }
    }

    private static Thread thread(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** WebSockets end behind what they have begun, streams of events, pushing and refusals that wait at once; requests that run are leased, and end before this. */
    @Deactivate
    void stop() {
        sockets.close();
        events.close();
        gate.close();
        clock.shutdownNow();
        watch.shutdownNow();
        pushes.close();
        if (outbox != null) outbox.close();
        if (alarm != null) alarm.close();
        if (snoozes != null) snoozes.close();
    }

    static Limits limits(Config config) {
        return new Limits(
                config.maxSizeUpload(),
                config.maxConcurrentUpload(),
                config.maxSizeRequest(),
                config.maxConcurrentRequests(),
                config.maxCallsInRequest(),
                config.maxObjectsInGet(),
                config.maxObjectsInSet(),
                (long) config.uploadSpace() << 20,
                Duration.ofHours(config.uploadHours()));
    }

    /** For requests from now on. */
    @Modified
    void modified(Config config) {
        limits = limits(config);
        remembered = Duration.ofDays(config.submissionDays());
        pushToPrivate = config.pushToPrivate();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        gate.serve(request, response);
    }
}
