package org.posthorn.users;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.mail.Address;
import org.posthorn.api.start.StartReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the default domain and a user to try, when the server runs for the first time and there is nobody and nothing yet. A database that holds a
 * domain has been begun with: a demo user who was removed does not come back.
 */
@Component(immediate = true, service = StartReport.class)
public final class FirstStart implements StartReport {

    private static final Logger LOG = LoggerFactory.getLogger(FirstStart.class);
    private static final int TRIES = 3;

    private final Backends backends;
    private final RoutingSettings routing;
    private final Thread work = new Thread(this::work, "users-first-start");
    private volatile List<String> secrets = List.of();
    private volatile boolean done;
    private volatile boolean stopped;

    @Activate
    public FirstStart(BundleContext context, @Reference Backends backends, @Reference RoutingSettings routing) {
        this(!"offline".equals(context.getProperty("posthorn.mode")), backends, routing);
    }

    FirstStart(boolean run, Backends backends, RoutingSettings routing) {
        this.backends = backends;
        this.routing = routing;
        done = !run;
        if (run) backends.registry().thenRun(this::begin);
    }

    private synchronized void begin() {
        if (!stopped) work.start();
    }

    /** Directories wait for their database as long as a client would; the first boot of one may take longer. */
    private void work() {
        for (int i = 1; !done; i++) {
            try {
                look();
                done = true;
            } catch (IOException | IllegalArgumentException e) {
                // Among them: the registry has gone again, as when the start fails elsewhere.
                done = i == TRIES || stopped;
                if (done) LOG.warn("Cannot see whether there are users: {}", e.getMessage());
            }
        }
    }

    private void look() throws IOException {
        if (!backends.domains().isEmpty()) return;
        String domain = routing.defaultDomain();
        Address demo = new Address("demo", domain);
        String password = GeneratedPassword.from(new SecureRandom());
        backends.change(r -> {
            r.addDomain(domain);
            r.addUser(demo, password);
        });
        LOG.info("This is the first start: made the domain {} and the user {}", domain, demo);
        secrets = List.of("demo account " + demo + " with the password " + password);
    }

    /** Waits for the look that is under way: an interrupt would end the database's connection in the middle of it. */
    @Deactivate
    void stop() throws InterruptedException {
        synchronized (this) {
            stopped = true;
        }
        work.join(TimeUnit.MINUTES.toMillis(1));
        if (work.isAlive()) LOG.warn("The look for users has not ended within a minute, and is left to itself");
    }

    /** Where no bundle can make users, none is waited for. */
    @Override
    public boolean ready() {
        return done || !backends.registryPresent();
    }

    @Override
    public List<String> secrets() {
        return secrets;
    }
}
