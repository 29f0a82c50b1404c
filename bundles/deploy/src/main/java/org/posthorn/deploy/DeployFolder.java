package org.posthorn.deploy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.posthorn.api.filter.BundlesBeside;
import org.posthorn.api.lease.Succession;
import org.posthorn.api.start.StartReport;

/** Looks at {@code deploy/}, whose bundles count at once, and at {@code deploy/beside/}, whose bundles replace nothing, twice a second. */
@Component(
        immediate = true,
        service = {StartReport.class, BundlesBeside.class, DeployFolder.class},
        configurationPid = "org.posthorn.deploy")
@Designate(ocd = DeployFolder.Config.class)
public final class DeployFolder implements StartReport, BundlesBeside {

    @ObjectClassDefinition(name = "Bundles of one's own")
    @interface Config {

        @AttributeDefinition(
                description =
                        "How many seconds a new version of a part may take to show that it works; then it is taken out"
                                + " again, and on a busy machine tried once more with ten times the time. One that"
                                + " throws goes at once.",
                min = "1",
                max = "600")
        int trial() default 1;
    }

    private static final long PAUSE_MILLIS = 500;
    /** What the launcher says as long as it starts bundles, whose threads may meet what hangs in its trial. */
    private static final String STARTING = "posthorn.starting";

    private final Swap swap;
    private final Plugins plugins;
    private final Folder folder;
    private final Beside beside;
    private final List<Folder> folders;
    private final Succession<Plugins> turn;
    private boolean looked;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(r -> {
        Thread thread = new Thread(r, "deploy-folder");
        thread.setDaemon(true);
        return thread;
    });

    @Activate
    public DeployFolder(BundleContext context, Config config, @Reference ServiceComponentRuntime components) {
        Path home = Path.of(context.getProperty("posthorn.home"));
        swap = new Swap(context, components);
        settings(config);
        plugins = new Plugins(swap, new Shipped(home.resolve("repository")));
        folder = new Folder(home.resolve("deploy"), plugins);
        beside = new Beside(swap);
        folders = List.of(folder, new Folder(home.resolve("deploy/beside"), beside));
        // Another version of this bundle may be looking; it may be putting this one in its place.
        turn = Succession.begin("the folder " + folder.path(), before -> {
            plugins.tidy();
            return plugins;
        });
        clock.scheduleWithFixedDelay(this::look, 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        LastRecord.forget(clock, Duration.ofMinutes(1));
    }

    /** With what a look costs, one that gives no answer is gone when the time is over. */
    @Modified
    final void settings(Config config) {
        swap.trial(Duration.ofSeconds(config.trial()).minusMillis(200));
    }

    /** The first time nothing is tried yet. */
    private void look() {
        if (!turn.waits() && !(looked && Boolean.getBoolean(STARTING))) {
            folders.forEach(Folder::lookSafely);
            looked = true;
        }
    }

    /** What is being looked at, or done by a command, is brought to its end: it may be the swap of this very bundle. Then the next version may look. */
    @Deactivate
    void stop() {
        clock.shutdown();
        beside.close();
        turn.close(ours -> folders.forEach(Folder::close));
    }

    /** No start waits for what runs beside: it replaces nothing, and is looked at behind the other folder. */
    @Override
    public boolean ready() {
        return folder.ready();
    }

    @Override
    public long run(String location, byte[] jar) {
        try {
            return beside.run(location, new ByteArrayInputStream(jar)).getBundleId();
        } catch (Unfit e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Override
    public void takeOut(long bundle) {
        beside.takeOut(bundle);
    }

    /**
     * Puts a jar in the place of the bundle of its name at once, and then into the folder, so that it outlives a restart.
     *
     * @return the bundle that runs now
     * @throws Unfit when it does not come up; the one before is at work then
     */
    Bundle swap(Jar jar) throws Unfit, IOException {
        String file = turn.get().file(jar.symbolicName());
        folder.add(jar.named(file));
        return plugins.installed().get(file);
    }

    /** Takes the file of that name out of the folder at once. @return the bundle that runs now, if any does */
    Optional<Bundle> back(String symbolicName) throws Unfit, IOException {
        if (!folder.delete(turn.get().file(symbolicName)))
            throw new Unfit("nothing in " + folder.path() + " stands in the place of " + symbolicName);
        return plugins.current(symbolicName);
    }
}
