package org.posthorn.deploy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bundles that came from the folder: installed under {@code deploy:FILE}, so that a restart knows them again. */
class Plugins {

    static final String LOCATION = "deploy:";
    private static final String OURS = "org.posthorn.";
    /** After the engines and before the door. */
    private static final int START_LEVEL = 40;

    private static final Logger LOG = LoggerFactory.getLogger(Plugins.class);

    private final BundleContext context;

    Plugins(BundleContext context) {
        this.context = context;
    }

    /** By file name. */
    Map<String, Bundle> installed() {
        Map<String, Bundle> installed = new HashMap<>();
        for (Bundle bundle : context.getBundles())
            if (bundle.getLocation().startsWith(LOCATION))
                installed.put(bundle.getLocation().substring(LOCATION.length()), bundle);
        return installed;
    }

    /** Installs or replaces, and starts. @throws Jar.Unfit when the jar must not run; nothing has changed then */
    void put(Jar jar) throws Jar.Unfit {
        Optional<Bundle> twin = twin(jar);
        if (twin.isPresent()) {
            String whose = jar.symbolicName().startsWith(OURS)
                    ? "a part of the server has"
                    : "the bundle of " + twin.get().getLocation() + " has";
            throw new Jar.Unfit(whose + " its symbolic name, " + jar.symbolicName()
                    + "; replacing that part is not done from this folder");
        }
        Bundle before = installed().get(jar.name());
        try {
            Bundle bundle = before == null ? install(jar) : update(before, jar);
            bundle.start();
            LOG.info("{}: {} {} runs", jar.name(), jar.symbolicName(), bundle.getVersion());
        } catch (BundleException e) {
            throw new Jar.Unfit("it does not start: " + e.getMessage().replaceAll("\\s+", " "));
        }
    }

    private Bundle install(Jar jar) throws BundleException {
        Bundle bundle = context.installBundle(LOCATION + jar.name(), jar.open());
        bundle.adapt(BundleStartLevel.class).setStartLevel(START_LEVEL);
        return bundle;
    }

    private Bundle update(Bundle bundle, Jar jar) throws BundleException {
        bundle.stop();
        bundle.update(jar.open());
        refresh(bundle);
        return bundle;
    }

    /** Another bundle of that symbolic name: running it beside would be a puzzle, updating it the end of the server. */
    private Optional<Bundle> twin(Jar jar) {
        for (Bundle bundle : context.getBundles())
            if (jar.symbolicName().equals(bundle.getSymbolicName())
                    && !bundle.getLocation().equals(LOCATION + jar.name())) return Optional.of(bundle);
        return Optional.empty();
    }

    /** Stops and takes out what came from a file that is gone. */
    void remove(String file) {
        Bundle bundle = installed().get(file);
        if (bundle == null) return;
        try {
            bundle.uninstall();
            refresh(bundle);
            LOG.info("{} is gone; {} was taken out", file, bundle.getSymbolicName());
        } catch (BundleException e) {
            LOG.error("{} is gone, but {} cannot be taken out", file, bundle.getSymbolicName(), e);
        }
    }

    /** Lets go of the old classes; ends when that is done, since the framework does it on a thread of its own. */
    private void refresh(Bundle bundle) {
        CountDownLatch done = new CountDownLatch(1);
        Bundle framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
        framework.adapt(FrameworkWiring.class).refreshBundles(List.of(bundle), event -> done.countDown());
        try {
            if (!done.await(30, TimeUnit.SECONDS))
                LOG.warn("The old classes of {} are not let go of yet", bundle.getSymbolicName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
