package org.posthorn.deploy;

import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.posthorn.api.lease.Probation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a bundle in the place of another while both work: the new one comes up beside the old one, which is used until it goes; it is looked at; then the old
 * one is stopped, which waits for the calls that run in it. A new one that does not come up, or does not keep its contract, is taken out again.
 */
final class Swap {

    private static final Logger LOG = LoggerFactory.getLogger(Swap.class);

    /** For a start; and for what a new one shows when it is alone: a database takes its time to boot. One that fails is gone at once here, too. */
    private static final Duration LEAST_ALONE = Duration.ofSeconds(5);

    /** For a stop. Each user of a service of it waits for the calls that run, a minute at most, one behind the other. */
    private static final Duration DRAIN = Duration.ofMinutes(5);

    private final BundleContext context;
    private final ServiceComponentRuntime components;
    private final Duration drain;
    private final BooleanSupplier busy;
    private volatile Duration trial = Duration.ofMillis(900);
    /** What carries a swap out, or says how it went; see {@link HandOver}. */
    private final Set<String> carriers;

    private final String own;
    private final InHand stuck = new InHand("do not return from their start or stop");
    private final InHand handing = new InHand("hand over");

    Swap(BundleContext own, ServiceComponentRuntime components) {
        this(own, components, DRAIN, Swap::machineIsBusy);
    }

    /** @param drain how long a part that has worked may take to stop @param busy whether who is late may be so for the machine's sake */
    Swap(BundleContext own, ServiceComponentRuntime components, Duration drain, BooleanSupplier busy) {
        // The context of this bundle ends with it, in the middle of its own replacement.
        this.context = own.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext();
        this.own = String.valueOf(own.getBundle().getSymbolicName());
        this.carriers = Set.of(this.own, "org.posthorn.shell");
        this.components = components;
        this.drain = drain;
        this.busy = busy;
    }

    /** How long a new version has to show that it works; one that fails is taken out at once. */
    void trial(Duration time) {
        trial = time;
    }

    /** That of the framework: it outlives the swap of this bundle. */
    BundleContext context() {
        return context;
    }

    /** Installs and starts a bundle whose place nobody has. @throws Unfit when it does not start; it is taken out again */
    Bundle first(Jar jar, String location, int startLevel) throws Unfit {
        Bundle bundle = install(jar.open(), location);
        try {
            start(bundle);
            keep(bundle, startLevel);
            return bundle;
        } catch (Unfit | RuntimeException | Error e) {
            takeOut(bundle);
            throw Unfit.because(e);
        }
    }

    /** The jar in the place of a bundle that runs. @throws Unfit when it is not fit for that; then the one before is at work as ever */
    Bundle replace(Bundle before, Jar jar, String location) throws Unfit {
        if (carries(before)) return handOver(before, jar, location, Trial.offers(before));
        Bundle next = install(jar.open(), location);
        int startLevel = before.adapt(BundleStartLevel.class).getStartLevel();
        try {
            replace(before, next);
            keep(next, startLevel);
            return next;
        } catch (Unfit | RuntimeException | Error e) {
            takeOut(next, patience());
            throw Unfit.because(e);
        }
    }

    private boolean carries(Bundle bundle) {
        return carriers.contains(bundle.getSymbolicName());
    }

    private Bundle handOver(Bundle before, Jar jar, String location, Set<String> wanted) throws Unfit {
        HandOver.mayBegin(this, before, jar);
        Bundle next = install(jar.open(), location);
        try {
            new HandOver(this, before, next, HandOver::onThreadOfItsOwn).begin(jar, wanted);
            return next;
        } catch (Unfit | RuntimeException | Error e) {
            takeOut(next, patience());
            throw Unfit.because(e);
        }
    }

    /** As {@link #replace}, but the one before rests first, so it is not asked for what it offers. @throws Unfit when the jar does not start; then the one before is at work again, if it was */
    void replaceStopped(Bundle before, Jar jar, String location) throws Unfit {
        if (carries(before)) {
            handOver(before, jar, location, Set.of());
            return;
        }
        boolean worked = before.getState() == Bundle.ACTIVE;
        int startLevel = before.adapt(BundleStartLevel.class).getStartLevel();
        try {
            stop(before, drain);
        } catch (Unfit e) {
            LOG.warn("{}; it goes all the same", e.getMessage());
        }
        try {
            first(jar, location, startLevel);
        } catch (Unfit e) {
            if (worked && !stuck(before)) startAgain(before);
            throw e;
        }
        takeOut(before);
    }

    private void replace(Bundle before, Bundle next) throws Unfit {
        if (LibrarySwap.importers(before).isEmpty()) {
            relieve(before, next);
            takeOut(before);
        } else {
            new LibrarySwap(this, before).by(next);
        }
    }

    Bundle install(InputStream jar, String location) throws Unfit {
        try {
            return context.installBundle(location, jar);
        } catch (BundleException e) {
            throw new Unfit("it cannot be installed: " + Unfit.root(e));
        }
    }

    /** A bundle that is installed takes over from one that runs, and rests then. @throws Unfit when it does not; then it rests itself */
    void relieve(Bundle before, Bundle next) throws Unfit {
        Set<String> wanted = Trial.offers(before);
        try {
            beside(next, wanted);
            if (rests(before)) alone(next, wanted, patience(), Contracts.When.ALONE);
        } catch (Unfit | RuntimeException | Error e) {
            giveBack(before, next);
            throw Unfit.because(e);
        }
    }

    /** One that is stuck in its stop can neither be called back nor waited for: what has come in its place stays, as good as it is. */
    boolean rests(Bundle before) throws Unfit {
        try {
            stop(before, drain);
            return true;
        } catch (Step.Stuck e) {
            LOG.error("{}; what has come in its place goes on without it", e.getMessage());
            return false;
        }
    }

    /** @throws Unfit also of one that is late: the one before rests for this, so it is not tried again */
    void alone(Bundle next, Set<String> wanted, Duration patience, Contracts.When... whens) throws Unfit {
        Trial alone = new Trial(context, components, patience);
        try {
            alone.offers(next, wanted);
            for (Contracts.When when : whens) alone.keeps(next, when);
        } catch (Trial.Late e) {
            throw new Unfit(e.getMessage());
        }
    }

    /** Whatever the one that is no good does when it is stopped; the calls that run in it are waited for beside the other. */
    void giveBack(Bundle before, Bundle next) throws Unfit {
        try {
            stop(next, patience());
        } catch (Unfit e) {
            LOG.warn("{}; {} is at work again", e.getMessage(), before.getVersion());
        } finally {
            startAgain(before);
        }
    }

    /** One that has started before takes the time that it takes. */
    private static void startAgain(Bundle bundle) throws Unfit {
        try {
            Step.startPatiently(bundle, Bundle.START_ACTIVATION_POLICY);
        } catch (BundleException | IllegalStateException e) {
            throw new Unfit(
                    bundle.getSymbolicName() + " " + bundle.getVersion() + " does not start again: " + Unfit.root(e));
        }
    }

    /** One that is late is no worse for it on a machine that has its hands full: it is tried once more, and has ten times the time. */
    void beside(Bundle next, Set<String> wanted) throws Unfit {
        try {
            beside(next, wanted, trial);
        } catch (Trial.Late late) {
            if (!busy.getAsBoolean()) throw late;
            LOG.warn(
                    "{} {}: {}; the machine is busy, so it is tried once more, for longer",
                    next.getSymbolicName(),
                    next.getVersion(),
                    late.getMessage());
            stop(next, patience());
            beside(next, wanted, trial.multipliedBy(10));
        }
    }

    /** One that is not fit does not count before it rests, or is gone. */
    private void beside(Bundle next, Set<String> wanted, Duration time) throws Unfit {
        Probation.begin(next.getBundleId());
        start(next);
        Trial beside = new Trial(context, components, time);
        beside.offers(next, wanted);
        beside.keeps(next, Contracts.When.BESIDE);
        Probation.end(next.getBundleId());
    }

    /** Whether others wait for the processors. */
    private static boolean machineIsBusy() {
        OperatingSystemMXBean machine = ManagementFactory.getOperatingSystemMXBean();
        return machine.getSystemLoadAverage() >= machine.getAvailableProcessors();
    }

    /** Holds one that runs against what it promises of itself. @throws Unfit when it breaks that */
    void isFit(Bundle bundle) throws Unfit {
        Trial trial = new Trial(context, components, patience());
        trial.offers(bundle, Set.of());
        trial.keeps(bundle, Contracts.When.BESIDE);
    }

    /** Whether what a restart found in the place of a shipped part is as good as it was when it took it; what it asks in turn, such as a database, may still be coming up. */
    void check(Bundle bundle) throws Unfit {
        try {
            new Trial(context, components, patience()).keeps(bundle, Contracts.When.BESIDE);
        } catch (Trial.Late e) {
            LOG.warn(
                    "{} {}: {}; it stays, since it has stood its trial before",
                    bundle.getSymbolicName(),
                    bundle.getVersion(),
                    e.getMessage());
        }
    }

    void start(Bundle bundle) throws Unfit {
        MissingClasses.refuse(bundle);
        try {
            Step.start(bundle, patience());
        } catch (Step.Stuck e) {
            leave(bundle);
            throw e;
        }
    }

    private void leave(Bundle bundle) {
        stuck.add(bundle);
        Thread late = new Thread(() -> takeOutLate(bundle), "deploy-late");
        late.setDaemon(true);
        late.start();
    }

    /** Its start with the server has not returned: nobody waits for it or gets what it offers. */
    void abandon(Bundle bundle) {
        Probation.begin(bundle.getBundleId());
        leave(bundle);
    }

    private Duration patience() {
        return trial.compareTo(LEAST_ALONE) > 0 ? trial : LEAST_ALONE;
    }

    /** The framework lets nobody else have the bundle before its start or stop returns, perhaps never. */
    private void takeOutLate(Bundle bundle) {
        try {
            uninstall(bundle);
        } finally {
            stuck.remove(bundle);
        }
    }

    /** Whether its start or stop has not returned: nobody may wait for such a bundle, and it goes by itself. */
    boolean stuck(Bundle bundle) {
        return stuck.has(bundle);
    }

    /** Whether it is being swapped by a thread that sees to it that it stays or goes. */
    boolean handedOver(Bundle bundle) {
        return handing.has(bundle);
    }

    InHand handing() {
        return handing;
    }

    /** Whether it is a version of this bundle. */
    boolean own(Bundle bundle) {
        return own.equals(bundle.getSymbolicName());
    }

    /** It has shown that it works, so a restart starts it, too. */
    void keep(Bundle bundle, int startLevel) {
        try {
            bundle.start(Bundle.START_ACTIVATION_POLICY);
            // Not before: the framework does it on a thread of its own, and complains when the bundle is gone by then.
            bundle.adapt(BundleStartLevel.class).setStartLevel(startLevel);
        } catch (BundleException | RuntimeException | Error e) {
            LOG.error("{} {} runs, but a restart will not start it", bundle.getSymbolicName(), bundle.getVersion(), e);
        }
    }

    private void stop(Bundle bundle, Duration patience) throws Unfit {
        if (stuck(bundle)) return;
        try {
            Step.stop(bundle, patience);
        } catch (Step.Stuck e) {
            leave(bundle);
            throw e;
        }
        Probation.end(bundle.getBundleId());
    }

    /** Stops and uninstalls. What it gave out works on: it has all its classes, though its jar is closed. */
    void takeOut(Bundle bundle) {
        takeOut(bundle, drain);
    }

    private void takeOut(Bundle bundle, Duration patience) {
        try {
            stop(bundle, patience);
        } catch (Unfit | RuntimeException | Error e) {
            if (bundle.getState() != Bundle.UNINSTALLED)
                LOG.warn("{}; it is taken out all the same", Unfit.because(e).getMessage());
        }
        if (!stuck(bundle)) uninstall(bundle);
    }

    private void uninstall(Bundle bundle) {
        try {
            loadAll(bundle);
            bundle.uninstall();
        } catch (BundleException | RuntimeException | Error e) {
            // The version of this bundle that comes tidies up while the one that goes still does.
            if (bundle.getState() != Bundle.UNINSTALLED)
                LOG.error("{} {} cannot be taken out", bundle.getSymbolicName(), bundle.getVersion(), e);
            return;
        }
        Probation.end(bundle.getBundleId());
        letGo(List.of(bundle));
        LastRecord.forget();
    }

    /** A message of the old spool, say, is read by whoever holds it, and may need a class that nobody has needed before. */
    private static void loadAll(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        if (wiring == null || bundle.getState() == Bundle.INSTALLED) return;
        String root = "/" + bundle.getSymbolicName().replace('.', '/');
        for (String name : wiring.listResources(
                root, "*.class", BundleWiring.LISTRESOURCES_RECURSE | BundleWiring.LISTRESOURCES_LOCAL)) {
            try {
                bundle.loadClass(
                        name.substring(0, name.length() - ".class".length()).replace('/', '.'));
            } catch (ClassNotFoundException | LinkageError | OutOfMemoryError e) {
                LOG.debug("{} of {} cannot be loaded", name, bundle.getSymbolicName(), e);
            }
        }
    }

    /**
     * Lets go of the classes of bundles that rest or are gone; ends when that is done, since the framework does it on a thread of its own. That thread must not wait
     * for one that is stuck.
     */
    void letGo(List<Bundle> bundles) {
        try {
            refresh(bundles);
        } catch (RuntimeException | Error e) {
            LOG.warn("The old classes of {} are kept until the next start", bundles, e);
        }
    }

    private void refresh(List<Bundle> bundles) {
        FrameworkWiring wiring = context.getBundle().adapt(FrameworkWiring.class);
        List<Bundle> held = bundles.stream()
                .filter(b -> b.getState() != Bundle.UNINSTALLED
                        || wiring.getRemovalPendingBundles().contains(b))
                .toList();
        if (held.isEmpty()) return;
        if (wiring.getDependencyClosure(held).stream().anyMatch(this::stuck)) {
            LOG.warn("The old classes of {} are kept until the next start: a bundle that has them is stuck", held);
            return;
        }
        CountDownLatch done = new CountDownLatch(1);
        wiring.refreshBundles(held, event -> done.countDown());
        try {
            if (!done.await(30, TimeUnit.SECONDS)) LOG.warn("The old classes of {} are not let go of yet", held);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
