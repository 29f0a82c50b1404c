package org.posthorn.deploy;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bundles of the folder. One with the symbolic name of a part of the server stands in for that part, which rests until the file goes. */
final class Plugins implements Folder.Bundles {

    private static final Logger LOG = LoggerFactory.getLogger(Plugins.class);

    /** What everything else is held by: replacing these ends connections, so a restart does it. */
    private static final Set<String> KERNEL = Set.of("org.posthorn.api", "org.posthorn.net", "org.posthorn.http");

    /** After the engines and before the door. */
    private static final int START_LEVEL = 40;

    private final Deployed deployed;
    private final Shipped shipped;
    private final Swap swap;
    /** Bundles that were stopped once for what was shipped, by their ids; and the sum of that, since it may be mended. */
    private final Map<Long, Integer> stoppedFor = new HashMap<>();

    Plugins(Swap swap, Shipped shipped) {
        this.deployed = new Deployed(swap.context());
        this.shipped = shipped;
        this.swap = swap;
    }

    @Override
    public Map<String, Bundle> installed() {
        Map<String, Bundle> installed = deployed.files();
        installed.values().removeIf(b -> swap.stuck(b) || swap.handedOver(b));
        return installed;
    }

    @Override
    public void put(Jar jar) throws Unfit {
        refuse(jar);
        Optional<Bundle> renamed = Optional.ofNullable(installed().get(jar.name()))
                .filter(b -> !jar.symbolicName().equals(b.getSymbolicName()));
        Optional<Bundle> before = current(jar.symbolicName());
        String location = deployed.fresh(jar.name());
        String place = before.map(b -> " in the place of " + b.getVersion() + asideFrom(b, jar))
                .orElse("");
        Bundle bundle =
                before.isPresent() ? swap.replace(before.get(), jar, location) : swap.first(jar, location, START_LEVEL);
        LOG.info("{}: {} {} runs{}", jar.name(), jar.symbolicName(), bundle.getVersion(), place);
        if (renamed.isPresent()) left(jar.name(), renamed.get());
    }

    private static String asideFrom(Bundle before, Jar jar) {
        return Deployed.file(before)
                .filter(file -> !file.equals(jar.name()))
                .map(file -> "; deploy/" + file + " is left aside as long as this one, which is higher, runs")
                .orElse("");
    }

    @Override
    public boolean relieves(Jar jar) {
        return current(jar.symbolicName())
                .filter(b -> !Deployed.file(b).equals(Optional.of(jar.name())))
                .isPresent();
    }

    /** Its file has another bundle now, or none that is fit, whether or not what was shipped comes back. */
    private void left(String file, Bundle bundle) {
        try {
            goes(file, bundle);
        } catch (Unfit e) {
            LOG.error("{}: {}", file, e.getMessage());
        }
    }

    private void refuse(Jar jar) throws Unfit {
        if (KERNEL.contains(jar.symbolicName()))
            throw new Unfit(jar.symbolicName() + " belongs to the kernel, which a restart with another zip replaces");
        for (Bundle bundle : deployed.named(jar.symbolicName()).toList()) {
            if (swap.stuck(bundle)) {
                if (bundle.getState() == Bundle.STARTING && jar.is(bundle))
                    throw new Trial.Late("its start has not returned yet, and it is not started a second time");
                continue;
            }
            Optional<String> file = Deployed.file(bundle);
            boolean another = file.isPresent() && !file.get().equals(jar.name());
            if (another && jar.version().compareTo(bundle.getVersion()) <= 0)
                throw new Unfit("of the files with the symbolic name " + jar.symbolicName()
                        + " the highest version that is fit runs, and that is " + bundle.getVersion() + " of deploy/"
                        + file.get() + "; this one is " + jar.version());
            if (file.isEmpty() && shipped.part(jar.symbolicName()).isEmpty())
                throw new Unfit(
                        jar.symbolicName() + " is a library that came with the server, and is replaced with the zip");
        }
    }

    /** What it stands in for must not be missed, if it is no good any more. */
    @Override
    public void resumed(String file) throws Unfit {
        Bundle bundle = installed().get(file);
        if (shipped.part(bundle.getSymbolicName()).isEmpty()) return;
        try {
            swap.check(bundle);
            LOG.info("{}: {} {} stands in for what was shipped", file, bundle.getSymbolicName(), bundle.getVersion());
        } catch (Unfit e) {
            left(file, bundle);
            throw e;
        }
    }

    /** What it stood in for runs already. */
    @Override
    public void abandon(Bundle bundle) {
        swap.abandon(bundle);
    }

    /** Takes out what a swap left that was cut off. */
    void tidy() {
        deployed.superseded().filter(b -> !swap.handedOver(b)).toList().forEach(swap::takeOut);
    }

    /** The file that has a bundle of that name; a fresh name if none has. */
    String file(String symbolicName) {
        return deployed.named(symbolicName)
                .flatMap(b -> Deployed.file(b).stream())
                .findFirst()
                .orElse(symbolicName + ".jar");
    }

    /** What runs of that name; of two the one that does not hand over to the other. */
    Optional<Bundle> current(String symbolicName) {
        return deployed.running(symbolicName).filter(b -> !swap.stuck(b)).min(Comparator.comparing(swap::handedOver));
    }

    /** The part that it stood in for comes back. */
    @Override
    public void remove(String file) throws Unfit {
        Bundle bundle = installed().get(file);
        if (bundle != null) goes(file, bundle);
    }

    private void goes(String file, Bundle bundle) throws Unfit {
        Optional<Shipped.Part> part = shipped.part(bundle.getSymbolicName());
        // The launcher has brought it back where this one hung.
        boolean back =
                current(bundle.getSymbolicName()).filter(b -> b != bundle).isPresent();
        if (part.isPresent() && !back) bringBack(part.get(), bundle);
        else swap.takeOut(bundle);
        LOG.info(
                "{}: {} {} was taken out{}",
                file,
                bundle.getSymbolicName(),
                bundle.getVersion(),
                part.isPresent() ? ", and what was shipped is back" : "");
    }

    private void bringBack(Shipped.Part part, Bundle from) throws Unfit {
        try {
            bringBack(Jar.read(part.jar()), part.location(), from);
        } catch (Unfit e) {
            throw new Unfit(from.getSymbolicName() + " as shipped does not come back: " + e.getMessage() + "; "
                    + from.getVersion()
                    + (from.getState() == Bundle.ACTIVE ? " is at work still" : " does not work either")
                    + ", and it is tried again");
        }
    }

    private void bringBack(Jar shipped, String location, Bundle from) throws Unfit {
        try {
            swap.replace(from, shipped, location);
        } catch (Unfit less) {
            // Each stop ends calls and moves clients, so what cannot come back does not ask for one with every try.
            if (Objects.equals(stoppedFor.put(from.getBundleId(), shipped.sum()), shipped.sum())) throw less;
            // It may offer less than what stood in for it; the file is gone all the same.
            LOG.warn(
                    "{} does not go by a swap ({}), so it is stopped first", from.getSymbolicName(), less.getMessage());
            swap.replaceStopped(from, shipped, location);
        }
    }
}
