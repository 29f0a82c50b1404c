package org.posthorn.deploy;

import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.osgi.framework.AllServiceListener;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleRevision;
import org.posthorn.api.filter.MailFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bundles that run beside: installed under {@link MailFilter#BESIDE}, by which whoever leases services knows them. */
final class Beside implements Folder.Bundles {

    /** After the engines and before the door. */
    private static final int START_LEVEL = 40;

    /** The second is SCR's, in the name of a bundle whose components have settings. */
    private static final Set<String> HARMLESS = Set.of(
            "org.posthorn.api.filter.MailFilter",
            "org.osgi.service.cm.ManagedService",
            "org.posthorn.api.config.SettingsCheck",
            "org.posthorn.api.shell.ShellCommands");

    private static final Logger LOG = LoggerFactory.getLogger(Beside.class);

    private final BundleContext context;
    private final Swap swap;
    private final Set<Bundle> starting = ConcurrentHashMap.newKeySet();
    private final AllServiceListener listener = this::heard;

    Beside(Swap swap) {
        this.context = swap.context();
        this.swap = swap;
        context.addServiceListener(listener);
    }

    @Override
    public Map<String, Bundle> installed() {
        Map<String, Bundle> installed = new HashMap<>();
        for (Bundle bundle : context.getBundles())
            if (file(bundle).isPresent() && !swap.stuck(bundle))
                installed.put(file(bundle).get(), bundle);
        return installed;
    }

    /** The server can do without it. */
    @Override
    public boolean relieves(Jar jar) {
        return true;
    }

    /** The file that it came from; others, too, run bundles beside. */
    static Optional<String> file(Bundle bundle) {
        String location = bundle.getLocation();
        return Optional.of(location)
                .filter(Beside::beside)
                .map(l -> l.substring(MailFilter.BESIDE.length()).replaceFirst("#\\d+$", ""))
                .filter(file -> file.indexOf('/') < 0);
    }

    /** What came from that file before goes when this one runs. */
    @Override
    public void put(Jar jar) throws Unfit {
        Optional<Bundle> before = Optional.ofNullable(installed().get(jar.name()));
        refuseTwin(jar, before);
        Bundle bundle = run(fresh(jar.name()), jar.open());
        swap.keep(bundle, START_LEVEL);
        before.ifPresent(swap::takeOut);
        LOG.info("beside/{}: {} {} runs beside", jar.name(), jar.symbolicName(), bundle.getVersion());
    }

    /** A restart does not start it. @throws Unfit when it does not run; nothing of it is left */
    Bundle run(String location, InputStream jar) throws Unfit {
        if (!beside(location)) throw new Unfit(location + " does not begin with " + MailFilter.BESIDE);
        Bundle bundle = swap.install(jar, location);
        try {
            refuse(declared(bundle));
            start(bundle);
            swap.isFit(bundle);
            return bundle;
        } catch (Unfit | RuntimeException | Error e) {
            swap.takeOut(bundle);
            throw Unfit.because(e);
        }
    }

    /** One that is gone already may be. @throws IllegalArgumentException when it does not run beside */
    void takeOut(long id) {
        Bundle bundle = context.getBundle(id);
        if (bundle == null) return;
        if (!beside(bundle.getLocation())) throw new IllegalArgumentException(bundle + " does not run beside");
        swap.takeOut(bundle);
    }

    /** All else counts. */
    private static boolean beside(String location) {
        return location.startsWith(MailFilter.BESIDE);
    }

    /** What its activator registers no manifest need tell. */
    private void start(Bundle bundle) throws Unfit {
        starting.add(bundle);
        try {
            swap.start(bundle);
        } finally {
            starting.remove(bundle);
        }
        refuse(registered(bundle));
    }

    private String fresh(String file) {
        Bundle[] all = context.getBundles();
        return MailFilter.BESIDE + file + "#" + (all[all.length - 1].getBundleId() + 1);
    }

    @Override
    public void resumed(String file) throws Unfit {
        try {
            refuse(registered(installed().get(file)));
            LOG.debug("beside/{} runs beside, as before", file);
        } catch (Unfit e) {
            remove(file);
            throw e;
        }
    }

    @Override
    public void abandon(Bundle bundle) {
        swap.abandon(bundle);
    }

    /** It is called by its version, so there must not be two. */
    private void refuseTwin(Jar jar, Optional<Bundle> before) throws Unfit {
        for (Bundle bundle : context.getBundles())
            if (jar.symbolicName().equals(bundle.getSymbolicName())
                    && jar.version().equals(bundle.getVersion())
                    && !before.filter(bundle::equals).isPresent()) throw twin(bundle);
    }

    /** One that is stuck goes by itself, perhaps soon. */
    private Unfit twin(Bundle bundle) {
        String name = bundle.getSymbolicName() + " [" + bundle.getVersion() + "]";
        return swap.stuck(bundle)
                ? new Trial.Late(name + " has not returned from its start or stop yet")
                : new Unfit("there is " + name + " already; what runs beside needs another Bundle-Version");
    }

    private static Stream<String> declared(Bundle bundle) {
        return bundle.adapt(BundleRevision.class).getDeclaredCapabilities("osgi.service").stream()
                .map(offer -> offer.getAttributes().get("objectClass"))
                .flatMap(types -> types instanceof List<?> all ? all.stream() : Stream.empty())
                .map(String::valueOf);
    }

    private static Stream<String> registered(Bundle bundle) {
        return Optional.ofNullable(bundle.getRegisteredServices()).stream()
                .flatMap(Arrays::stream)
                .flatMap(Beside::types);
    }

    private static Stream<String> types(ServiceReference<?> service) {
        return Arrays.stream((String[]) service.getProperty(Constants.OBJECTCLASS));
    }

    /** Services of other kinds would count at once: nobody asks where they come from. */
    static void refuse(Stream<String> types) throws Unfit {
        Optional<String> other = types.filter(type -> !HARMLESS.contains(type)).findFirst();
        if (other.isPresent()) throw new Unfit("it offers " + other.get() + ", and filters alone can run beside");
    }

    /** What is registered later is looked at as well. The caller is the bundle itself, so it is taken out on another thread. */
    private void heard(ServiceEvent event) {
        Bundle bundle = event.getServiceReference().getBundle();
        if (event.getType() != ServiceEvent.REGISTERED || bundle == null) return;
        if (!beside(bundle.getLocation()) || starting.contains(bundle)) return;
        try {
            refuse(types(event.getServiceReference()));
        } catch (Unfit e) {
            LOG.error("{} is taken out: {}", bundle.getLocation(), e.getMessage());
            new Thread(() -> swap.takeOut(bundle), "deploy-beside").start();
        }
    }

    /** Looks after what runs beside no longer. */
    void close() {
        context.removeServiceListener(listener);
    }

    @Override
    public void remove(String file) {
        Bundle bundle = installed().get(file);
        if (bundle == null) return;
        swap.takeOut(bundle);
        LOG.info("beside/{} was taken out", file);
    }
}
