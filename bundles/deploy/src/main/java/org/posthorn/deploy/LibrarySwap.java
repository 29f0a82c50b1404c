package org.posthorn.deploy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;
import org.posthorn.api.filter.MailFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts another version in the place of a library whose classes other bundles use. A bundle keeps the classes that it has as long as it runs, so each of those is
 * relieved by a second copy of itself, which gets the new ones, and comes back with the new ones when the old library is gone. Both are swaps like any other, one bundle
 * at a time.
 */
final class LibrarySwap {

    /** Where a copy is installed; the launcher takes out what a crash leaves of them. */
    private static final String LOCATION = "copy:";

    /** The same for one that runs beside. */
    private static final String LOCATION_BESIDE = MailFilter.BESIDE + "copy/";

    private static final Logger LOG = LoggerFactory.getLogger(LibrarySwap.class);

    private final Swap swap;
    private final Bundle before;
    private final List<Relief> reliefs = new ArrayList<>();

    private record Relief(Bundle original, Bundle copy) {}

    LibrarySwap(Swap swap, Bundle before) {
        this.swap = swap;
        this.before = before;
    }

    /** Whether it stands in for one that uses a library. */
    static boolean isCopy(Bundle bundle) {
        String location = bundle.getLocation();
        return location.startsWith(LOCATION) || location.startsWith(LOCATION_BESIDE);
    }

    /** The bundles that use classes of that one. */
    static List<Bundle> importers(Bundle library) {
        BundleWiring wiring = library.adapt(BundleWiring.class);
        if (wiring == null) return List.of();
        return wiring.getProvidedWires(PackageNamespace.PACKAGE_NAMESPACE).stream()
                .map(wire -> wire.getRequirerWiring().getBundle())
                .filter(b -> b != library && b.getState() == Bundle.ACTIVE)
                .distinct()
                .toList();
    }

    /** Once the old library is out the new one stays. @throws Unfit when a bundle does not come up with the new classes; then all have the old ones */
    void by(Bundle next) throws Unfit {
        swap.start(next);
        try {
            relieveAll();
        } catch (Unfit | RuntimeException | Error e) {
            comeBack();
            throw e;
        }
        swap.takeOut(before);
        if (reliefs.stream().map(Relief::original).anyMatch(swap::stuck)) {
            LOG.warn("The bundles that use {} are left to their copies until the next start", next.getSymbolicName());
            return;
        }
        swap.letGo(reliefs.stream().map(Relief::original).toList());
        comeBack();
    }

    /** Who is resolved meanwhile does not get the old classes. */
    private void relieveAll() throws Unfit {
        ResolverHookFactory hook = triggers -> new Hiding(before);
        ServiceRegistration<?> hiding = swap.context().registerService(ResolverHookFactory.class, hook, null);
        try {
            for (Bundle importer : importers(before)) relieve(importer);
        } finally {
            hiding.unregister();
        }
    }

    private void relieve(Bundle original) throws Unfit {
        Bundle copy = swap.install(Jar.of(original).open(), location(original));
        try {
            swap.relieve(original, copy);
            reliefs.add(new Relief(original, copy));
        } catch (Unfit | RuntimeException | Error e) {
            swap.takeOut(copy);
            String why = "with it, " + original.getSymbolicName() + " is no good: "
                    + Unfit.because(e).getMessage();
            throw e instanceof Trial.Late && reliefs.isEmpty() ? new Trial.Late(why) : new Unfit(why);
        }
    }

    /** That of a bundle which is itself a copy is another; that of one which runs beside is still known by it. */
    private static String location(Bundle original) {
        String copy = original.getSymbolicName() + "#" + original.getBundleId();
        return original.getLocation().startsWith(MailFilter.BESIDE) ? LOCATION_BESIDE + copy : LOCATION + copy;
    }

    /** One that is no good any more is left to its copy; the others come back all the same. */
    private void comeBack() {
        for (Relief relief : reliefs) {
            try {
                swap.relieve(relief.copy, relief.original);
                swap.takeOut(relief.copy);
            } catch (Unfit | RuntimeException | Error e) {
                LOG.error(
                        "{} does not come back with the classes of {} as they are now: {}; a copy of it {}",
                        relief.original.getSymbolicName(),
                        before.getSymbolicName(),
                        Unfit.because(e).getMessage(),
                        relief.copy.getState() == Bundle.ACTIVE
                                ? "is at work until the next start"
                                : "does not work either");
            }
        }
    }

    private record Hiding(Bundle hidden) implements ResolverHook {

        @Override
        public void filterMatches(BundleRequirement requirement, Collection<BundleCapability> candidates) {
            candidates.removeIf(c -> c.getRevision().getBundle() == hidden);
        }

        @Override
        public void filterResolvable(Collection<BundleRevision> candidates) {}

        @Override
        public void filterSingletonCollisions(BundleCapability one, Collection<BundleCapability> others) {}

        @Override
        public void end() {}
    }
}
