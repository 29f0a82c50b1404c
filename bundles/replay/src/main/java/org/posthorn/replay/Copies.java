package org.posthorn.replay;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.posthorn.api.filter.BundlesBeside;
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bundles that run beside for a replay alone, and are gone when it is over. */
final class Copies {

    private static final Logger log = LoggerFactory.getLogger(Copies.class);

    private static final String LOCATION = MailFilter.BESIDE + "replay/";

    private final BundleContext context;
    private final Leased<BundlesBeside> beside;
    private final Duration patience;

    /** @param patience how long filters may take to come up */
    Copies(BundleContext context, Leased<BundlesBeside> beside, Duration patience) {
        this.context = context;
        this.beside = beside;
        this.patience = patience;
    }

    /** Takes out what a process left that died in a replay. Nobody has started that since. */
    void tidy() {
        for (Bundle bundle : context.getBundles()) {
            if (!bundle.getLocation().startsWith(LOCATION)) continue;
            try {
                bundle.uninstall();
            } catch (BundleException e) {
                log.error("{}, replayed, cannot be taken out", bundle.getSymbolicName(), e);
            }
        }
    }

    /** Bundles that offer filters and count. */
    Stream<Bundle> filters() {
        return Arrays.stream(context.getBundles())
                .filter(b -> b.getState() == Bundle.ACTIVE && !b.getLocation().startsWith(MailFilter.BESIDE))
                .filter(b -> !names(b).isEmpty());
    }

    /** The names of the filters that a bundle offers, without versions. */
    static List<String> names(Bundle bundle) {
        return Optional.ofNullable(bundle.getRegisteredServices()).stream()
                .flatMap(Arrays::stream)
                .filter(Copies::isFilter)
                .map(s -> String.valueOf(s.getProperty("name")))
                .toList();
    }

    private static boolean isFilter(ServiceReference<?> service) {
        return List.of((String[]) service.getProperty(Constants.OBJECTCLASS)).contains(MailFilter.class.getName());
    }

    /** Has it run until it is taken out. @throws IllegalArgumentException saying why it does not; nothing of it is left */
    Bundle run(BundleCopy copy) throws IOException {
        Bundle bundle = context.getBundle(start(copy));
        if (bundle == null) throw new IllegalArgumentException(gone(copy));
        try {
            await(bundle);
            return bundle;
        } catch (IllegalStateException e) {
            throw new IllegalArgumentException(gone(copy), e);
        } catch (IllegalArgumentException e) {
            takeOut(bundle);
            throw e;
        }
    }

    /** Who offers more than filters behind its start does not stay. */
    private static String gone(BundleCopy copy) {
        return copy.symbolicName() + " was taken out again; the log may tell why";
    }

    private long start(BundleCopy copy) throws IOException {
        try (Lease<BundlesBeside> lease = lease()) {
            return lease.get().run(LOCATION + copy.symbolicName(), copy.jar());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(copy.symbolicName() + " cannot be replayed: " + e.getMessage(), e);
        }
    }

    private Lease<BundlesBeside> lease() {
        return beside.lease()
                .orElseThrow(() -> new IllegalArgumentException("nobody is there to run bundles beside; try again"));
    }

    private void await(Bundle bundle) {
        Semaphore news = new Semaphore(0);
        ServiceListener listener = event -> news.release();
        context.addServiceListener(listener);
        try {
            long end = System.nanoTime() + patience.toNanos();
            while (names(bundle).isEmpty()) {
                long left = end - System.nanoTime();
                if (left <= 0
                        || !news.tryAcquire(left, TimeUnit.NANOSECONDS)
                                && names(bundle).isEmpty())
                    throw new IllegalArgumentException(
                            bundle.getSymbolicName() + " offers no filter; the log may tell why");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalArgumentException("the replay was broken off", e);
        } finally {
            context.removeServiceListener(listener);
        }
    }

    /** Ends when its classes are let go of. */
    void takeOut(Bundle bundle) {
        try (Lease<BundlesBeside> lease = lease()) {
            lease.get().takeOut(bundle.getBundleId());
        } catch (IllegalArgumentException e) {
            log.error("{}, replayed, stays until the next start: {}", bundle.getSymbolicName(), e.getMessage());
        }
    }
}
