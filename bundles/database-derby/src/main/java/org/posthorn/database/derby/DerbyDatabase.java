package org.posthorn.database.derby;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.posthorn.api.lease.Succession;
import org.posthorn.api.start.StartProblem;
import org.posthorn.api.start.StartReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Boots Derby beside the rest of the start, and gives its DataSource when it is there. */
@Component(immediate = true, service = StartReport.class, configurationPid = "org.posthorn.database.derby")
@Designate(ocd = DerbyDatabase.Config.class)
public final class DerbyDatabase implements StartReport {

    @ObjectClassDefinition(name = "The embedded database")
    @interface Config {
        @AttributeDefinition(
                description = "How many connections there may be at once; who wants another waits for ten seconds.",
                min = "2",
                max = "500")
        int connections() default 32;
    }

    private static final Logger LOG = LoggerFactory.getLogger(DerbyDatabase.class);

    /** Well below the five seconds that a start may take. */
    private static final Duration REHEARSAL = Duration.ofSeconds(2);

    private final BundleContext context;
    private final Thread boot;
    private volatile Config config;
    private volatile Succession<Derby> derby;
    private volatile Thread rehearsal;
    private volatile ServiceRegistration<DataSource> service;
    private volatile StartProblem problem;

    @Activate
    public DerbyDatabase(BundleContext context, Config config) {
        this.context = context;
        this.config = config;
        boot = new Thread(this::boot, "database-derby");
        boot.start();
    }

    /** Who takes over from another version gives its service at once: nobody is to find none meanwhile. */
    private void boot() {
        Path data = Path.of(context.getProperty("posthorn.data")).toAbsolutePath();
        Path folder = data.resolve("database");
        Path log = data.resolve("logs/derby.log");
        derby = Succession.begin("the database in " + data, before -> Derby.boot(folder, log, config.connections()));
        if (derby.waits()) rehearse(folder, log);
        try {
            register(derby.waits() ? Pool.behind(this::pool) : pool(), Wreck.note(folder));
        } catch (SQLException e) {
            LOG.error("{}", e.getMessage(), e);
            problem = new StartProblem(StartProblem.Cause.DATA, e.getMessage());
        }
    }

    /** Before the service is given, since the version before is stopped then. On a busy machine its end is not waited for. */
    private void rehearse(Path folder, Path log) {
        rehearsal = new Thread(() -> Rehearsal.run(folder, log), "database-derby-rehearsal");
        rehearsal.start();
        try {
            rehearsal.join(REHEARSAL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private DataSource pool() throws SQLException {
        try {
            return derby.get().dataSource();
        } catch (IOException e) {
            throw new SQLTransientConnectionException(e.getMessage(), e);
        }
    }

    private void register(DataSource source, Path lost) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("name", "derby");
        // Who keeps users must know that there were some.
        if (Files.exists(lost)) properties.put("lost", lost.toString());
        service = context.registerService(DataSource.class, source, properties);
    }

    @Modified
    void modified(Config changed) {
        config = changed;
        if (derby == null || derby.waits()) return;
        try {
            derby.get().connections(changed.connections());
        } catch (IOException notBooted) {
            LOG.debug("There is no database whose connections could be counted: {}", notBooted.getMessage());
        }
    }

    /** A boot that runs is let finish: Derby does not survive an interrupt. */
    @Deactivate
    void stop() throws InterruptedException {
        boot.join();
        if (service != null) service.unregister();
        if (rehearsal != null) rehearsal.join();
        AtomicBoolean opened = new AtomicBoolean();
        derby.close(database -> {
            opened.set(true);
            database.close();
        });
        // One whose turn never came has no database, and an engine.
        if (rehearsal != null && !opened.get()) Derby.endEngine();
    }

    @Override
    public boolean ready() {
        return service != null || problem != null;
    }

    @Override
    public List<StartProblem> problems() {
        return problem == null ? List.of() : List.of(problem);
    }
}
