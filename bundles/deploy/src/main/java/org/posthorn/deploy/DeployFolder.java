package org.posthorn.deploy;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
    private String trouble = "";
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
            trouble = "";
            ready = ready || done.keySet().containsAll(lastLook.keySet());
        } catch (RuntimeException | IOException e) {
            if (!e.toString().equals(trouble))
                LOG.error("The folder {} cannot be looked at; what runs goes on", folder, e);
            trouble = e.toString();
            ready = true;
        }
    }

    /** Brings into force what has changed since. A folder that cannot be looked at says nothing about what should run. */
    void look() throws IOException {
        Map<String, Stamp> now = stamps();
        now.forEach((name, stamp) -> {
            boolean settled = stamp.equals(lastLook.get(name));
            if (settled && !stamp.equals(done.get(name))) take(name, stamp);
        });
        done.keySet().retainAll(now.keySet());
        // A file that is being replaced may be missing for a moment: two looks must miss it.
        for (String name : plugins.installed().keySet())
            if (!now.containsKey(name) && !lastLook.containsKey(name)) plugins.remove(name);
        lastLook = now;
    }

    private void take(String name, Stamp stamp) {
        boolean first = done.put(name, stamp) == null;
        Bundle before = plugins.installed().get(name);
        // After a restart the framework still has it, and a file older than that is the one it has. Later the age of a
        // file tells nothing: who moves one here may have made it long ago.
        if (first
                && before != null
                && before.getState() == Bundle.ACTIVE
                && stamp.time().toMillis() <= before.getLastModified()) return;
        try {
            plugins.put(Jar.read(folder.resolve(name)));
        } catch (Jar.Unfit e) {
            LOG.error("deploy/{} is left aside: {}", name, e.getMessage());
        }
    }

    private Map<String, Stamp> stamps() throws IOException {
        Map<String, Stamp> stamps = new TreeMap<>();
        // Who has no plug-ins need not have the folder.
        if (Files.notExists(folder) && plugins.installed().isEmpty()) return stamps;
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path jar : jars) stamp(jar, stamps);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return stamps;
    }

    private static void stamp(Path jar, Map<String, Stamp> stamps) throws IOException {
        try {
            stamps.put(jar.getFileName().toString(), new Stamp(Files.getLastModifiedTime(jar), Files.size(jar)));
        } catch (NoSuchFileException gone) {
            LOG.debug("{} went while it was looked at", jar);
        }
    }
}
