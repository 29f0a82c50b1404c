package org.posthorn.deploy;

import java.util.List;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleWiring;

/** The activator of made bundles, which does what headers of the bundle say. */
public final class Moody implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        if (header(context, "On-Start").equals("hangs")) hang(context);
        if (header(context, "On-Start").equals("offers")) offer(context);
        if (header(context, "On-Start").equals("throws")) throw new IllegalStateException("no start today");
        if (!context.getBundle().getLocation().contains("copy")
                && libraries(context).contains(header(context, "Not-With")))
            throw new IllegalStateException("no good with that library");
    }

    @Override
    public void stop(BundleContext context) {
        if (header(context, "On-Stop").equals("hangs")) hang(context);
        if (header(context, "On-Stop").equals("throws")) throw new IllegalStateException("no stop today");
    }

    /** Something that the manifest does not speak of. */
    private static void offer(BundleContext context) {
        context.registerService(Runnable.class, () -> {}, null);
    }

    /** Whoever interrupts it, until the test sets the property and notifies; an interned string is one for all class loaders. */
    private static void hang(BundleContext context) {
        String release = header(context, "Hangs-Until").intern();
        synchronized (release) {
            while (System.getProperty(release) == null) {
                try {
                    release.wait();
                } catch (InterruptedException e) {
                    continue;
                }
            }
        }
    }

    static void release(String name) {
        String release = name.intern();
        synchronized (release) {
            System.setProperty(release, "now");
            release.notifyAll();
        }
    }

    private static List<String> libraries(BundleContext context) {
        return context
                .getBundle()
                .adapt(BundleWiring.class)
                .getRequiredWires(PackageNamespace.PACKAGE_NAMESPACE)
                .stream()
                .map(wire -> wire.getProvider().getVersion().toString())
                .toList();
    }

    private static String header(BundleContext context, String name) {
        return String.valueOf(context.getBundle().getHeaders().get(name));
    }
}
