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
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
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
import org.posthorn.api.lease.Heirloom;
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

    /** How long the version before serves on for it. */
    private static final Duration REHEARSAL = Duration.ofSeconds(20);

    /** By the folder: when the rehearsal of the version that is to have it has ended. */
    private static final Map<String, CountDownLatch> REHEARSALS = Heirloom.map("database-derby: rehearsals");

    private final BundleContext context;
    private final BiConsumer<Path, Path> beside;
    private final Thread boot;
    private volatile Config config;
    private volatile Succession<Derby> derby;
    private volatile boolean takesOver;
    private volatile ServiceRegistration<DataSource> service;
    private volatile StartProblem problem;

    @Activate
    public DerbyDatabase(BundleContext context, Config config) {
        this(context, config, Rehearsal::run);
    }

    /** @param beside what is done while another version serves, with the folder and the log */
    DerbyDatabase(BundleContext context, Config config, BiConsumer<Path, Path> beside) {
        this.context = context;
        this.beside = beside;
        this.config = config;
        boot = new Thread(this::boot, "database-derby");
        boot.start();
    }

    private void boot() {
        Path folder = folder();
        Path log = folder.resolveSibling("logs/derby.log");
        derby = Succession.begin(
                "the database in " + folder.getParent(), before -> Derby.boot(folder, log, config.connections()));
        takesOver = derby.waits();
        try {
            if (takesOver) takeOver(folder, log);
            else register(pool(), Wreck.note(folder));
        } catch (SQLException e) {
            LOG.error("{}", e.getMessage(), e);
            problem = new StartProblem(StartProblem.Cause.DATA, e.getMessage());
        }
    }

    /** The service comes at once: nobody is to find none meanwhile, and a trial has little time. */
    private void takeOver(Path folder, Path log) {
        CountDownLatch over = new CountDownLatch(1);
        // Before, since the version that serves is stopped when it comes.
        synchronized (REHEARSALS) {
            REHEARSALS.put(folder.toString(), over);
        }
        try {
            register(Pool.behind(this::pool), Wreck.note(folder));
            beside.accept(folder, log);
        } finally {
            over.countDown();
        }
    }

    private Path folder() {
        return Path.of(context.getProperty("posthorn.data")).toAbsolutePath().resolve("database");
    }

    /** Who asks meanwhile is served by this version yet. On a busy machine the end is not waited for. */
    private void awaitRehearsal() throws InterruptedException {
        CountDownLatch over;
        synchronized (REHEARSALS) {
            over = REHEARSALS.remove(folder().toString());
        }
        if (over != null && !over.await(REHEARSAL.toMillis(), TimeUnit.MILLISECONDS))
            LOG.info("The version of the database that comes has not loaded all yet; its first users wait for that");
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
        awaitRehearsal();
        if (service != null) service.unregister();
        AtomicBoolean opened = new AtomicBoolean();
        derby.close(database -> {
            opened.set(true);
            database.close();
        });
        // One whose turn never came has no database, and an engine.
        if (takesOver && !opened.get()) Derby.endEngine();
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
