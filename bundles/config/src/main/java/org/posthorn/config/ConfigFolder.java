package org.posthorn.config;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.posthorn.api.config.SettingsCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the folder once a second, and brings into force what has changed and is right. */
@Component(service = ConfigFolder.class, immediate = true)
public final class ConfigFolder {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigFolder.class);

    /** With these the settings that bundles declare come and go. */
    private static final int DECLARING = BundleEvent.INSTALLED | BundleEvent.UPDATED | BundleEvent.UNINSTALLED;

    private final Path folder;
    private final Supplier<Map<String, Schema>> schemas;
    private final Force force;
    private final Map<SettingsCheck, String> checks = new HashMap<>();
    private final ScheduledExecutorService clock;
    private Runnable listening = () -> {};
    private Map<String, Stamp> seen = Map.of();
    /** Names the last look did not believe to be gone. */
    private Set<String> doubted = Set.of();

    private String trouble = "";
    private List<Fault> faults = List.of();
    /** Counts what has come and gone of what files are held against. */
    private final AtomicInteger changes = new AtomicInteger();
    /** So many of them has a look at every file known. */
    private int known = -1;

    private record Stamp(FileTime time, long size) {}

    @Activate
    public ConfigFolder(BundleContext context, @Reference ConfigurationAdmin admin) {
        this(Path.of(context.getProperty("posthorn.config")), new Schemas(context)::all, new Force(admin));
        BundleListener listener = event -> {
            if ((event.getType() & DECLARING) != 0) look();
        };
        context.addBundleListener(listener);
        listening = () -> context.removeBundleListener(listener);
        watch(Duration.ofSeconds(1));
    }

    /** For tests: a folder that nobody looks at unasked. */
    ConfigFolder(Path folder, Supplier<Map<String, Schema>> schemas, Force force) {
        this.folder = folder;
        this.schemas = schemas;
        this.force = force;
        this.clock = Executors.newSingleThreadScheduledExecutor(r -> {
            Thread thread = new Thread(r, "config-folder");
            thread.setDaemon(true);
            return thread;
        });
        read();
    }

    void watch(Duration every) {
        clock.scheduleWithFixedDelay(this::lookAgain, every.toNanos(), every.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** A look that is under way ends first, or it would bring settings into force when nobody answers for them any more. */
    @Deactivate
    void stop() throws InterruptedException {
        listening.run();
        clock.shutdownNow();
        if (!clock.awaitTermination(5, TimeUnit.SECONDS)) LOG.warn("A look at the folder {} does not end", folder);
    }

    /** One that runs beside does not judge what counts for another. */
    @Reference(
            name = "check",
            service = SettingsCheck.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "removeCheck")
    void bindCheck(ServiceReference<SettingsCheck> offer, SettingsCheck check, Map<String, Object> properties) {
        Bundle bundle = offer.getBundle();
        if (bundle != null && !Schemas.beside(bundle)) addCheck(check, properties);
    }

    void addCheck(SettingsCheck check, Map<String, Object> properties) {
        synchronized (checks) {
            checks.put(check, String.valueOf(properties.get("pid")));
        }
        look();
    }

    void removeCheck(SettingsCheck check) {
        synchronized (checks) {
            checks.remove(check);
        }
    }

    /** Look at every file at the next tick, changed or not: what they are held against has changed. Waits for no look that is under way. */
    private void look() {
        changes.incrementAndGet();
    }

    private void lookAgain() {
        try {
            read();
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            tell(e);
        }
    }

    /** Brings into force what has changed. A folder that cannot be looked at says nothing about what is in force. */
    final synchronized void read() {
        try {
            bring(believed(stamps(folder)));
            trouble = "";
        } catch (IOException e) {
            tell(e);
        }
    }

    private synchronized void tell(Throwable e) {
        if (e.toString().equals(trouble)) return;
        trouble = e.toString();
        LOG.error("The folder {} cannot be looked at; settings stay as they are: {}", folder, trouble);
    }

    /** What is suddenly not there, or empty, may be on its way back or just being written: the next look decides. */
    private Map<String, Stamp> believed(Map<String, Stamp> now) {
        Map<String, Stamp> believed = new TreeMap<>(now);
        Set<String> again = new HashSet<>();
        seen.forEach((name, before) -> {
            Stamp found = now.get(name);
            boolean odd = found == null || found.size() == 0 && before.size() > 0;
            if (!odd || doubted.contains(name)) return;
            again.add(name);
            believed.put(name, before);
        });
        doubted = again;
        return believed;
    }

    private void bring(Map<String, Stamp> now) throws IOException {
        int changed = changes.get();
        boolean all = changed != known;
        if (!all && now.equals(seen)) return;
        List<Checked> found = check(folder);
        List<Fault> before = faults;
        faults = new ArrayList<>();
        for (Checked checked : found) {
            String name = checked.file().name();
            if (doubted.contains(name)) continue;
            faults.addAll(checked.faults());
            boolean due = all || !Objects.equals(now.get(name), seen.get(name));
            if (due && checked.faults().isEmpty()) force.put(checked);
        }
        force.keepOnly(now.keySet());
        faults.stream().filter(f -> !before.contains(f)).forEach(f -> LOG.error("{}; the last good settings stay", f));
        seen = now;
        if (doubted.isEmpty()) known = changed;
    }

    /** What is wrong with the files as they are now. */
    synchronized List<Fault> faults() {
        read();
        return List.copyOf(faults);
    }

    /** All files of a folder, held against the schemas. */
    List<Checked> check(Path any) throws IOException {
        Map<String, Schema> known = schemas.get();
        List<Checked> checked = new ArrayList<>();
        for (Path file : files(any)) checked.add(check(ConfigFile.read(file), known));
        return checked;
    }

    /** One file, wherever it lies and whatever it is called, as if it were that of the PID. */
    Checked check(String pid, Path file) {
        return check(ConfigFile.read(file, pid, Optional.empty()), schemas.get());
    }

    private Checked check(ConfigFile file, Map<String, Schema> known) {
        Schema schema = known.get(file.pid());
        if (schema != null) return Checked.of(file, schema, checksOf(file.pid()));
        List<Fault> all = new ArrayList<>(file.faults());
        // Of a part that is not there nothing is known; of ours all are there.
        if (file.pid().startsWith("org.posthorn."))
            all.add(new Fault(file.name(), "", "", "no part of the server reads a file of this name"));
        if (file.pid().equals(LoggingCheck.PID))
            new LoggingCheck()
                    .check(new HashMap<>(file.values()))
                    .forEach(problem -> all.add(Fault.of(file.name(), problem)));
        return new Checked(file, new HashMap<>(file.values()), all, List.of());
    }

    /** What does not go together in the files of one factory. */
    List<Fault> clashes(List<Checked> checked) {
        List<Fault> faults = new ArrayList<>();
        for (Schema schema : schemas.get().values()) {
            Map<String, Map<String, Object>> files = new TreeMap<>();
            for (Checked one : checked)
                if (schema.factory() && one.file().pid().equals(schema.pid()))
                    files.put(one.file().name(), schema.complete(one.file().values()));
            for (SettingsCheck check : checksOf(schema.pid())) faults.addAll(clashes(check, schema.pid(), files));
        }
        return faults;
    }

    /** One that fails must not keep the others from telling. */
    private static List<Fault> clashes(SettingsCheck check, String pid, Map<String, Map<String, Object>> files) {
        List<Fault> faults = new ArrayList<>();
        try {
            check.clashes(files).forEach((file, problems) -> problems.forEach(p -> faults.add(Fault.of(file, p))));
        } catch (RuntimeException | LinkageError e) {
            LOG.warn(
                    "{}: {} cannot judge whether its files go together: {}",
                    pid,
                    check.getClass().getName(),
                    e.toString());
        }
        return faults;
    }

    private List<SettingsCheck> checksOf(String pid) {
        synchronized (checks) {
            return checks.entrySet().stream()
                    .filter(e -> e.getValue().equals(pid))
                    .map(Map.Entry::getKey)
                    .toList();
        }
    }

    private static Map<String, Stamp> stamps(Path folder) throws IOException {
        Map<String, Stamp> stamps = new TreeMap<>();
        for (Path file : files(folder)) {
            try {
                stamps.put(file.getFileName().toString(), new Stamp(Files.getLastModifiedTime(file), Files.size(file)));
            } catch (NoSuchFileException gone) {
                LOG.debug("{} went while it was looked at", file);
            }
        }
        return stamps;
    }

    private static List<Path> files(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*" + ConfigFile.SUFFIX)) {
            all.forEach(files::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        files.sort(null);
        return files;
    }

    Path folder() {
        return folder;
    }

    Map<String, Schema> schemas() {
        return schemas.get();
    }
}
