package org.posthorn.launcher;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * Starts the bundles in the order of their levels, as the framework would, but one of {@code deploy/} on a thread of its own: it has stood its trial, and may hang
 * all the same. The framework would wait for it with every change of its own level, even behind its start.
 */
final class Startup {
    /** For one of ours whose activator is through: a spool, say, has something to read before it is open. */
    private static final Duration OPENING = Duration.ofSeconds(30);

    private static final Duration STOPPING = Duration.ofSeconds(5);

    private static final int FOR_THIS_TIME = Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY;
    private static final int AT_WORK = Bundle.STARTING | Bundle.ACTIVE | Bundle.STOPPING;
    private static final Comparator<Bundle> ORDER =
            Comparator.comparingInt(Startup::level).thenComparing(Bundle::getBundleId);
    private static final Logger LOG = Logger.getLogger("org.posthorn.launcher");

    private final BundleContext context;
    private final Provision provision;
    private final Duration patience;
    private final BiConsumer<Bundle, Throwable> failed;
    private final Deque<Bundle> waiting;
    private final List<Bundle> hanging = new CopyOnWriteArrayList<>();
    private volatile boolean ended;

    /**
     * To be made before the framework starts, which starts nothing then.
     *
     * @param provision has brought the bundles
     * @param patience for the start of a bundle of {@code deploy/}
     * @param failed hears of those that do not start
     */
    Startup(BundleContext context, Provision provision, Duration patience, BiConsumer<Bundle, Throwable> failed)
            throws BundleException, IOException {
        this.context = context;
        this.provision = provision;
        this.patience = patience;
        this.failed = failed;
        this.waiting = new ArrayDeque<>(
                bundles().filter(provision::starts).sorted(ORDER).toList());
        List<Bundle> kept = bundles().filter(provision::kept).toList();
        provision.unreached().set(kept.stream().map(Bundle::getLocation).toList());
        for (Bundle bundle : kept) bundle.stop();
    }

    private Stream<Bundle> bundles() {
        return Arrays.stream(context.getBundles()).filter(bundle -> bundle.getBundleId() != 0);
    }

    private static int level(Bundle bundle) {
        return bundle.adapt(BundleStartLevel.class).getStartLevel();
    }

    /** Starts all that stands at that level or below. */
    void to(int level) throws InterruptedException {
        while (!stopping() && !waiting.isEmpty() && level(waiting.peek()) <= level) {
            Bundle bundle = waiting.remove();
            reached(bundle);
            if (Provision.fromFolder(bundle.getLocation())) {
                startAside(bundle);
            } else {
                start(bundle);
            }
        }
    }

    /** Before its start, so that one that hangs, or ends the process, is the one that does not count as kept the next time. */
    private void reached(Bundle bundle) {
        try {
            provision.unreached().remove(bundle.getLocation());
        } catch (IOException e) {
            LOG.warning("That the start has come to " + name(bundle) + " cannot be noted: " + Folders.why(e));
        }
    }

    /** By a signal, say, in the middle of the start. */
    private boolean stopping() {
        return ended || context.getBundle().getState() != Bundle.ACTIVE;
    }

    /** One that somebody installed by hand has its mark back, as it starts for no other reason. */
    private void start(Bundle bundle) {
        try {
            bundle.start(Provision.listed(bundle) ? FOR_THIS_TIME : Bundle.START_ACTIVATION_POLICY);
        } catch (BundleException | RuntimeException e) {
            failed(bundle, e);
        }
    }

    private void failed(Bundle bundle, Throwable why) {
        if (!stopping()) failed.accept(bundle, why);
    }

    /** One that has started is marked as kept again, by which the bundle {@code deploy} knows it from one that hangs. */
    private void startAside(Bundle bundle) throws InterruptedException {
        FutureTask<Void> start = new FutureTask<>(() -> {
            bundle.start(FOR_THIS_TIME);
            // Too late: another is in its place.
            if (hanging.contains(bundle)) stop(bundle);
            else haveServices(bundle);
            return null;
        });
        Thread thread = new Thread(start, "deploy-start " + name(bundle));
        thread.setDaemon(true);
        thread.start();
        try {
            await(start, bundle);
            bundle.start(Bundle.START_ACTIVATION_POLICY);
        } catch (ExecutionException e) {
            fell(bundle, e.getCause());
        } catch (BundleException | RuntimeException e) {
            fell(bundle, e);
        } catch (TimeoutException e) {
            thread.interrupt();
            silence(bundle);
            LOG.severe(bundle.getLocation() + ": the start of " + name(bundle) + " does not return; the thread \""
                    + thread.getName() + "\" is left to itself, and the server starts without it" + instead(bundle));
        }
    }

    /** Its trial comes behind the door, which is not to open without the part that it stood in for. */
    private void fell(Bundle bundle, Throwable why) throws InterruptedException {
        silence(bundle);
        failed(bundle, why);
        String instead = instead(bundle);
        if (!instead.isEmpty()) LOG.warning(bundle.getLocation() + " does not start" + instead);
    }

    private void await(FutureTask<Void> start, Bundle bundle)
            throws ExecutionException, TimeoutException, InterruptedException {
        try {
            start.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            if (bundle.getState() != Bundle.ACTIVE || !provision.standsIn(bundle)) {
                throw e;
            }
            LOG.warning(bundle.getLocation() + ": the start waits for " + name(bundle) + " to come up, "
                    + OPENING.toSeconds() + " s at most");
            start.get(OPENING.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Most components begin when somebody has their service, and one that hangs then hangs him, too. */
    private void haveServices(Bundle bundle) {
        ServiceReference<?>[] services = bundle.getRegisteredServices();
        if (services != null) Arrays.stream(services).forEach(context::getService);
    }

    /** Nobody else is to have what it offers. As long as its activator is not through the framework cannot stop it. */
    private void silence(Bundle bundle) throws InterruptedException {
        Thread stopping = new Thread(() -> stop(bundle), "deploy-stop " + name(bundle));
        stopping.setDaemon(true);
        if (bundle.getState() == Bundle.ACTIVE) {
            stopping.start();
            stopping.join(STOPPING.toMillis());
        }
        if ((bundle.getState() & AT_WORK) != 0) hanging.add(bundle);
    }

    private static String name(Bundle bundle) {
        return bundle.getSymbolicName() + " " + bundle.getVersion();
    }

    /** What it stood in for takes its turn now. */
    private String instead(Bundle bundle) {
        if (stopping() || !provision.standsIn(bundle)) return "";
        try {
            Bundle shipped = provision.bringBack(bundle);
            start(shipped);
            return "; " + shipped.getVersion() + ", as shipped, runs instead";
        } catch (BundleException | IOException e) {
            failed(bundle, e);
            return "";
        }
    }

    /** Whether the framework cannot come to an end any more. */
    boolean hangs() {
        return !hanging.isEmpty();
    }

    /** The others, from the last to the first; the framework stays up, so nothing else tells a start that is still under way. */
    void stopOthers() {
        ended = true;
        bundles()
                .filter(bundle -> bundle.getState() == Bundle.ACTIVE && !hanging.contains(bundle))
                .sorted(ORDER.reversed())
                .forEach(Startup::stop);
    }

    private static void stop(Bundle bundle) {
        try {
            bundle.stop(Bundle.STOP_TRANSIENT);
        } catch (BundleException | RuntimeException e) {
            System.err.println("posthorn: " + name(bundle) + " does not stop cleanly: " + e.getMessage());
        }
    }
}
