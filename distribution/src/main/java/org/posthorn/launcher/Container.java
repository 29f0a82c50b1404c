package org.posthorn.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.ServiceException;
import org.osgi.framework.launch.Framework;

/** The OSGi framework with the bundles of the features in it. */
final class Container {
    /** Below it stands all but the door, which lets nobody in before the rest is there. */
    static final int BEFORE_THE_DOOR = 59;

    private static final int ALL = 100;
    /** Until then the bundle {@code deploy} tries nothing: what hangs in its trial would hang who gets its service here. */
    private static final String STARTING = "posthorn.starting";

    private static final String UNREACHED = "bundles.unreached";

    private static final long STOP_SECONDS = 60;
    /** With the former it stays below what {@code posthorn stop} waits. */
    private static final long LATE_STOP_SECONDS = 20;

    private static final int LEAST_SECONDS = 5;
    /** The start as a whole has three minutes. */
    private static final int MOST_SECONDS = 30;

    private static final Logger LOG = Logger.getLogger("org.posthorn.launcher");

    private final Framework framework;
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private Startup startup;

    private Container(Framework framework) {
        this.framework = framework;
    }

    /**
     * Makes the framework and brings its bundles up to date; starts none.
     *
     * @param mode {@code run} or {@code offline}
     * @param console from which level on the log goes to the terminal as well
     */
    static Container open(Site site, String mode, String console) throws Failure {
        // JLine looks for its terminals through the context class loader; only without one does it ask its own.
        Thread.currentThread().setContextClassLoader(null);
        Map<String, String> properties = properties(site, mode);
        properties.put("posthorn.log.console", console);
        try {
            properties.put(
                    "org.ops4j.pax.logging.property.file",
                    Logging.firstSettings(site).toString());
        } catch (IOException e) {
            throw new Failure(ExitCode.CANNOT_CREATE, site.cache() + " cannot be written: " + Folders.why(e), e);
        }
        System.getProperties().putAll(properties);
        Container first = new Container(new FrameworkFactory().newFramework(properties));
        try {
            return first.filled(site);
        } catch (BundleException | IOException | RuntimeException e) {
            first.stop();
            return refilled(site, properties);
        }
    }

    /** The cache holds nothing that the zip does not hold, so one that was torn by a crash is made anew. */
    private static Container refilled(Site site, Map<String, String> properties) throws Failure {
        Container second = new Container(new FrameworkFactory().newFramework(properties));
        try {
            Folders.delete(site.cache().resolve("felix"));
            Files.deleteIfExists(site.cache().resolve("bundles.properties"));
            Files.deleteIfExists(site.cache().resolve(UNREACHED));
            return second.filled(site);
        } catch (BundleException | IOException | RuntimeException e) {
            second.stop();
            throw new Failure(ExitCode.SOFTWARE, "the bundles cannot be installed: " + e, e);
        }
    }

    /** What the bundle {@code deploy} gives the start of a trial: five seconds, or the time of the trial when that is longer, but half a minute at most. */
    private static Duration patience(Site site) {
        Properties deploy = new Properties();
        try (Reader file = Files.newBufferedReader(site.config().resolve("org.posthorn.deploy.cfg"))) {
            deploy.load(file);
            int trial = Integer.parseInt(deploy.getProperty("trial", "1").strip());
            return Duration.ofSeconds(Math.max(LEAST_SECONDS, Math.min(trial, MOST_SECONDS)));
        } catch (IOException | IllegalArgumentException e) {
            // That bundle tells of it.
            return Duration.ofSeconds(LEAST_SECONDS);
        }
    }

    private Container filled(Site site) throws BundleException, IOException, Failure {
        framework.init();
        context().addFrameworkListener(this::heard);
        Path repository = site.home().resolve("repository");
        Provision provision = new Provision(
                context(),
                repository,
                site.cache().resolve("bundles.properties"),
                site.home().resolve("deploy"),
                new Unreached(site.cache().resolve(UNREACHED)));
        provision.bring(Feature.readAll(site.home().resolve("features")));
        startup = new Startup(context(), provision, patience(site), this::failed);
        return this;
    }

    private static Map<String, String> properties(Site site, String mode) {
        Map<String, String> properties = new HashMap<>();
        properties.put(
                Constants.FRAMEWORK_STORAGE, site.cache().resolve("felix").toString());
        properties.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, Integer.toString(ALL));
        // A part is swapped by another of its name, and perhaps of its version, that comes up beside it.
        properties.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
        // heard() tells what Felix would print.
        properties.put("felix.log.level", "0");
        // Else it prints at DEBUG until the file is read; on the terminal a command's output is nothing but that.
        properties.put("org.ops4j.pax.logging.DefaultServiceLog.level", "ERROR");
        // It keeps the last hundred entries, and with their exceptions the classes of versions that are gone; nobody
        // reads them.
        properties.put("org.ops4j.pax.logging.logReaderEnabled", "false");
        properties.put("posthorn.home", site.home().toString());
        properties.put("posthorn.data", site.data().toString());
        properties.put("posthorn.config", site.config().toString());
        properties.put("posthorn.port.offset", Integer.toString(site.portOffset()));
        properties.put("posthorn.control", mode.equals("run") ? site.control() : site.ownControl());
        properties.put("posthorn.mode", mode);
        return properties;
    }

    private void heard(FrameworkEvent event) {
        if (event.getType() != FrameworkEvent.ERROR) return;
        Bundle bundle = event.getBundle();
        // No start has failed, perhaps of nobody's but a jar in deploy/: who is missed for it is told of in time.
        if (event.getThrowable() instanceof ServiceException lacking) {
            LOG.warning(bundle.getSymbolicName() + " could not have a service: " + lacking.getMessage());
            return;
        }
        failed(bundle, event.getThrowable());
    }

    private void failed(Bundle bundle, Throwable why) {
        String line = bundle.getSymbolicName() + " did not start: " + why.getMessage();
        if (Provision.fromFolder(bundle.getLocation()))
            LOG.warning(bundle.getLocation() + ": " + line + "; the server starts without it");
        else failures.add(line);
    }

    /** Starts all bundles but the door. */
    void startInside() throws Failure, InterruptedException {
        try {
            framework.start();
        } catch (BundleException e) {
            throw new Failure(ExitCode.SOFTWARE, "the container does not start: " + e.getMessage(), e);
        }
        System.setProperty(STARTING, "true");
        startup.to(BEFORE_THE_DOOR);
    }

    void openDoor() throws InterruptedException {
        startup.to(ALL);
        System.clearProperty(STARTING);
    }

    /** Bundles that could not be started, and why. */
    List<String> failures() {
        return new ArrayList<>(failures);
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    void waitForStop() throws InterruptedException {
        framework.waitForStop(0);
    }

    void stop() {
        if (startup != null && startup.hangs()) stopOthers(STOP_SECONDS);
        else stopAll();
    }

    private void stopOthers(long seconds) {
        Thread stopping = new Thread(startup::stopOthers, "posthorn-stop-others");
        stopping.setDaemon(true);
        stopping.start();
        try {
            stopping.join(TimeUnit.SECONDS.toMillis(seconds));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The framework stops on a thread of its own, which waits for a bundle that hangs, and so does not come to those below it. */
    private void stopAll() {
        try {
            framework.stop();
            FrameworkEvent end = framework.waitForStop(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
            if (end.getType() == FrameworkEvent.WAIT_TIMEDOUT && startup != null) stopOthers(LATE_STOP_SECONDS);
        } catch (BundleException e) {
            System.err.println("posthorn: the container does not stop cleanly: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
