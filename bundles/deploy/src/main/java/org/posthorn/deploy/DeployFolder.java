package org.posthorn.deploy;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.posthorn.api.start.StartReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the folder twice a second. A file counts when two looks find it the same, so that one being written is let alone. */
@Component(immediate = true)
public final class DeployFolder implements StartReport {

    private static final Logger LOG = LoggerFactory.getLogger(DeployFolder.class);

    private record Stamp(FileTime time, long size) {}

    private final Path folder;
    private final Plugins plugins;
    private final ScheduledExecutorService clock;
    private final Map<String, Stamp> done = new HashMap<>();
    private Map<String, Stamp> lastLook = Map.of();
    private volatile boolean ready;

    @Activate
    public DeployFolder(BundleContext context) {
        this(Path.of(context.getProperty("posthorn.home"), "deploy"), new Plugins(context));
        clock.scheduleWithFixedDelay(this::lookSafely, 0, 500, TimeUnit.MILLISECONDS);
    }

    /** For tests: a folder that nobody looks at unasked. */
    DeployFolder(Path folder, Plugins plugins) {
        this.folder = folder;
        this.plugins = plugins;
        this.clock = Executors.newSingleThreadScheduledExecutor(r -> {
            Thread thread = new Thread(r, "deploy-folder");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Deactivate
    void stop() {
        clock.shutdownNow();
    }

    /** What lay in the folder at the start runs, or was left aside. */
    @Override
    public boolean ready() {
        return ready;
    }

    private void lookSafely() {
        try {
            look();
            ready = ready || done.keySet().containsAll(lastLook.keySet());
        } catch (RuntimeException | IOException e) {
            LOG.error("The folder {} cannot be looked at; what runs goes on", folder, e);
            ready = true;
        }
    }

    /** Brings into force what has changed since. */
    void look() throws IOException {
        Map<String, Stamp> now = stamps();
        now.forEach((name, stamp) -> {
            boolean settled = stamp.equals(lastLook.get(name));
            if (settled && !stamp.equals(done.get(name))) take(name, stamp);
        });
        done.keySet().retainAll(now.keySet());
        for (String gone : plugins.installed().keySet()) if (!now.containsKey(gone)) plugins.remove(gone);
        lastLook = now;
    }

    private void take(String name, Stamp stamp) {
        done.put(name, stamp);
        Bundle before = plugins.installed().get(name);
        // After a restart the framework still has it; a file older than that is the one it has.
        if (before != null && before.getState() == Bundle.ACTIVE && stamp.time().toMillis() <= before.getLastModified())
            return;
        try {
            plugins.put(Jar.read(folder.resolve(name)));
        } catch (Jar.Unfit e) {
            LOG.error("deploy/{} is left aside: {}", name, e.getMessage());
        }
    }

    private Map<String, Stamp> stamps() throws IOException {
        Map<String, Stamp> stamps = new TreeMap<>();
        if (!Files.isDirectory(folder)) return stamps;
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path jar : jars) stamp(jar, stamps);
        }
        return stamps;
    }

    private static void stamp(Path jar, Map<String, Stamp> stamps) {
        try {
            stamps.put(jar.getFileName().toString(), new Stamp(Files.getLastModifiedTime(jar), Files.size(jar)));
        } catch (IOException gone) {
            LOG.debug("{} went while it was looked at", jar);
        }
    }
}
