package org.posthorn.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.posthorn.api.net.ServerKeys;
import org.posthorn.api.start.StartProblem;
import org.posthorn.api.start.StartReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for HTTP. Jetty comes up on a thread of its own, beside the rest of the start; the ports are opened when the other door, {@code net}, is there:
 * all that stands behind them is then.
 */
@Component(
        immediate = true,
        service = {WebServer.class, StartReport.class},
        configurationPid = "org.posthorn.http")
@Designate(ocd = Settings.Config.class)
public final class WebServer implements StartReport {

    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);

    private static final int STOP_SECONDS = 10;

    private final int offset;
    private final boolean offline;
    private final ScheduledThreadPoolExecutor clock;
    private final List<Opening> openings = new ArrayList<>();
    private volatile Settings settings;
    private final Certificate certificate = new Certificate(this::pair);
    private volatile ServerKeys keys;
    private volatile Jetty jetty;
    private volatile String broken = "";
    private boolean tried;

    @Activate
    public WebServer(BundleContext context, Settings.Config config) {
        offset = offset(context);
        offline = "offline".equals(context.getProperty("posthorn.mode"));
        settings = Settings.of(config, offset);
        clock = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "http-clock");
            thread.setDaemon(true);
            return thread;
        });
        clock.setRemoveOnCancelPolicy(true);
        if (!offline) clock.execute(() -> start(context));
    }

    /** What the start adds to each port. */
    static int offset(BundleContext context) {
        String offset = context.getProperty("posthorn.port.offset");
        return offset == null || offset.isEmpty() ? 0 : Integer.parseInt(offset);
    }

    private void start(BundleContext context) {
        Jetty made = null;
        try {
            made = new Jetty(context, this::settings);
            made.start();
            jetty = made;
        } catch (Exception | LinkageError e) {
            broken("HTTP cannot be served: ", e);
            if (made != null) made.stop();
        }
        listen();
    }

    private void broken(String what, Throwable why) {
        // Who is stopped is interrupted in what he does.
        if (clock.isShutdown()) return;
        LOG.error("{}", what, why);
        broken = what + why;
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setKeys(ServerKeys those) {
        keys = those;
        if (!offline) clock.execute(this::listen);
    }

    void unsetKeys(ServerKeys those) {
        if (keys == those) keys = null;
    }

    @Modified
    void modified(Settings.Config config) {
        settings = Settings.of(config, offset);
        if (!offline) clock.execute(this::listen);
    }

    /** On the clock alone, which would swallow what breaks. */
    private void listen() {
        if (jetty == null || keys == null) return;
        try {
            open();
        } catch (RuntimeException | LinkageError e) {
            broken("The settings of HTTP are not carried out: ", e);
        }
    }

    /** What is open already and still wanted stays as it is. */
    private void open() {
        jetty.use(settings);
        Set<Settings.Want> wanted = new LinkedHashSet<>(settings.wanted());
        List<Opening> fresh = new ArrayList<>();
        synchronized (openings) {
            openings.removeIf(opening -> {
                if (wanted.remove(opening.want())) return false;
                opening.close();
                return true;
            });
            wanted.forEach(want -> fresh.add(new Opening(want, this::bind, clock)));
            openings.addAll(fresh);
        }
        fresh.forEach(Opening::attempt);
        tried();
        broken = "";
    }

    private Runnable bind(Settings.Want want) throws IOException {
        if (want.tls() && pair().isEmpty()) throw new IOException("there is no certificate for TLS");
        return jetty.listen(want, certificate::context);
    }

    private Optional<ServerKeys.Pair> pair() {
        return Optional.ofNullable(keys).flatMap(ServerKeys::pair);
    }

    private void tried() {
        synchronized (openings) {
            tried = true;
        }
    }

    @Deactivate
    void stop() {
        clock.shutdownNow();
        awaitClock();
        List<Opening> all;
        synchronized (openings) {
            all = List.copyOf(openings);
        }
        all.forEach(Opening::close);
        if (jetty != null) jetty.stop();
    }

    /** What it opens while we close would stay open. */
    private void awaitClock() {
        try {
            if (!clock.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS))
                LOG.warn("HTTP is still busy opening ports when it is stopped");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Settings settings() {
        return settings;
    }

    private List<Opening> openings(Opening.State state) {
        synchronized (openings) {
            return openings.stream().filter(o -> o.state() == state).toList();
        }
    }

    @Override
    public boolean ready() {
        synchronized (openings) {
            return offline || tried || !broken.isEmpty();
        }
    }

    @Override
    public List<StartProblem> problems() {
        Stream<StartProblem> ports =
                openings(Opening.State.BLOCKED).stream().map(o -> new StartProblem(StartProblem.Cause.PORT, o.fault()));
        Stream<StartProblem> whole =
                Stream.of(broken).filter(b -> !b.isEmpty()).map(b -> new StartProblem(StartProblem.Cause.OTHER, b));
        return Stream.concat(whole, ports).toList();
    }

    @Override
    public List<String> lines() {
        return Stream.of("http", "https")
                .map(name -> name
                        + openings(Opening.State.OPEN).stream()
                                .filter(o -> o.name().equals(name))
                                .map(o -> " " + o.text())
                                .reduce("", String::concat))
                .filter(line -> line.contains(" "))
                .toList();
    }
}
