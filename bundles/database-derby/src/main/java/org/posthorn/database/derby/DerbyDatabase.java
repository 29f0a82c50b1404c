package org.posthorn.database.derby;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
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

    private final BundleContext context;
    private final Thread boot;
    private Config config;
    private Derby derby;
    private ServiceRegistration<DataSource> service;
    private StartProblem problem;

    @Activate
    public DerbyDatabase(BundleContext context, Config config) {
        this.context = context;
        this.config = config;
        boot = new Thread(this::boot, "database-derby");
        boot.start();
    }

    private void boot() {
        Path data = Path.of(context.getProperty("posthorn.data")).toAbsolutePath();
        try {
            up(Derby.boot(data.resolve("database"), data.resolve("logs/derby.log"), connections()));
        } catch (IOException e) {
            LOG.error("{}", e.getMessage(), e);
            failed(new StartProblem(StartProblem.Cause.DATA, e.getMessage()));
        }
    }

    /** The service is registered outside the lock, because whoever is told of it may ask the database at once. */
    private void up(Derby booted) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("name", "derby");
        var registered = context.registerService(DataSource.class, booted.dataSource(), properties);
        synchronized (this) {
            derby = booted;
            service = registered;
            derby.connections(config.connections());
        }
    }

    private synchronized void failed(StartProblem why) {
        problem = why;
    }

    private synchronized int connections() {
        return config.connections();
    }

    @Modified
    synchronized void modified(Config changed) {
        config = changed;
        if (derby != null) derby.connections(changed.connections());
    }

    /** A boot that runs is let finish: Derby does not survive an interrupt. */
    @Deactivate
    void stop() throws InterruptedException {
        boot.join();
        if (derby == null) return;
        service.unregister();
        derby.close();
    }

    @Override
    public synchronized boolean ready() {
        return derby != null || problem != null;
    }

    @Override
    public synchronized List<StartProblem> problems() {
        return problem == null ? List.of() : List.of(problem);
    }
}
