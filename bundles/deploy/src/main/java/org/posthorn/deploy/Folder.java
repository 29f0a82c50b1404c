package org.posthorn.deploy;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder of jars and what runs of them. A file counts when two looks find it the same, so that one being written is let alone. Safe for several threads. */
final class Folder {

    private static final Logger LOG = LoggerFactory.getLogger(Folder.class);

    /** The bundles that come from the files of a folder. */
    interface Bundles {

        /** By file name. */
        Map<String, Bundle> installed();

        /** Whether something else does the work of what is in the jar as long as that is tried. */
        boolean relieves(Jar jar);

        /** Runs it from now on. @throws Unfit when it must not, or does not come up; nothing has changed then */
        void put(Jar jar) throws Unfit;

        /** A restart found the file as it was. @throws Unfit when what came from it is no good any more, and was taken out */
        void resumed(String file) throws Unfit;

        /** The start of a bundle of a file with the server has not returned. */
        void abandon(Bundle bundle);

        /** The file is gone. @throws Unfit when what it stood in for does not come back; what came from the file is at work then, if it can be */
        void remove(String file) throws Unfit;
    }

    /** A minute: so often is looked at what does not go, before it is tried again. */
    private static final int LOOKS = 120;

    private record Stamp(FileTime time, long size) {}

    private final Path path;
    private final Bundles bundles;
    private final Map<String, Stamp> done = new HashMap<>();
    /** Files whose bundles need what another one may bring. */
    private final Set<String> needy = new HashSet<>();

    private final Retries retries = new Retries();

    private Map<String, Stamp> lastLook = Map.of();
    /** Whose file is gone, and how often that was seen. */
    private final Map<String, Integer> lingering = new HashMap<>();

    /** Links that lead nowhere, which are told of once. */
    private final Set<String> dangling = new HashSet<>();

    private String trouble = "";
    private volatile boolean ready;
    private boolean closed;

    Folder(Path path, Bundles bundles) {
        this.path = path;
        this.bundles = bundles;
    }

    Path path() {
        return path;
    }

    /** What lay in the folder at the start runs, was left aside, or is tried beside what runs until it is fit. */
    boolean ready() {
        return ready;
    }

    /** A folder that cannot be looked at says nothing about what should run; that is told once. */
    void lookSafely() {
        try {
            look();
            trouble = "";
            ready = ready || settled();
        } catch (RuntimeException | IOException | OutOfMemoryError e) {
            if (!e.toString().equals(trouble))
                LOG.error("The folder {} cannot be looked at; what runs goes on", path, e);
            trouble = e.toString();
            ready = true;
        }
    }

    private synchronized boolean settled() {
        return done.keySet().containsAll(lastLook.keySet());
    }

    /** Brings into force what has changed since. */
    synchronized void look() throws IOException {
        if (closed) return;
        Map<String, Stamp> now = stamps();
        done.keySet().removeAll(retries.due());
        List<String> due = now.keySet().stream()
                .filter(name -> now.get(name).equals(lastLook.get(name)))
                .filter(name -> !now.get(name).equals(done.get(name)))
                .toList();
        inOrder(due).forEach(name -> take(name, now.get(name)));
        done.keySet().retainAll(now.keySet());
        needy.retainAll(now.keySet());
        retries.retain(now.keySet());
        // A file that is being replaced may be missing for a moment: two looks must miss it.
        for (String name : bundles.installed().keySet())
            if (!now.containsKey(name) && !lastLook.containsKey(name)) linger(name);
        lingering.keySet().removeAll(now.keySet());
        lastLook = now;
    }

    /** Those that nobody need wait for come last. Of two with one symbolic name the higher version has the first try. */
    private List<String> inOrder(List<String> files) {
        if (files.size() < 2) return files;
        Map<String, Boolean> last = new HashMap<>();
        Map<String, Version> versions = new HashMap<>();
        for (String file : files) {
            Optional<Jar> jar = readable(file);
            last.put(file, jar.map(bundles::relieves).orElse(false));
            versions.put(file, jar.map(Jar::version).orElse(Version.emptyVersion));
        }
        Comparator<String> higher =
                Comparator.<String, Version>comparing(versions::get).reversed();
        return files.stream()
                .sorted(Comparator.<String, Boolean>comparing(last::get).thenComparing(higher))
                .toList();
    }

    private Optional<Jar> readable(String file) {
        try {
            return Optional.of(Jar.read(path.resolve(file)));
        } catch (Unfit | RuntimeException | Error e) {
            // What it is left aside for is told when it is its turn.
            LOG.debug("{}: {}", file, e.toString());
            return Optional.empty();
        }
    }

    private void linger(String name) {
        if (lingering.merge(name, 1, Integer::sum) % LOOKS != 1 || !gone(name)) return;
        lingering.remove(name);
        tryTheOthers();
    }

    /** One that was left aside may be the best there is now. */
    private void tryTheOthers() {
        done.keySet().retainAll(bundles.installed().keySet());
    }

    private boolean gone(String name) {
        try {
            bundles.remove(name);
            return true;
        } catch (Unfit e) {
            LOG.error("{}: {}", path.resolve(name), e.getMessage());
            return false;
        }
    }

    private void take(String name, Stamp stamp) {
        boolean first = done.put(name, stamp) == null;
        needy.remove(name);
        if (!first) retries.forget(name);
        Bundle before = bundles.installed().get(name);
        boolean kept = first && before != null && started(before);
        if (first && before != null && !kept) notStarted(name, before);
        try {
            Jar jar = Jar.read(path.resolve(name));
            // After a restart the framework still has it. The ages of files tell nothing: an older one may have been
            // put back.
            if (kept && jar.is(before)) bundles.resumed(name);
            else put(jar);
            retries.forget(name);
        } catch (Step.Unresolved e) {
            LOG.error("{} is left aside until another jar comes into force: {}", path.resolve(name), e.getMessage());
            needy.add(name);
        } catch (Unfit | RuntimeException | Error e) {
            leaveAside(name, Unfit.because(e));
        }
    }

    /** The launcher marks it when its start has returned. */
    private static boolean started(Bundle bundle) {
        return bundle.getState() == Bundle.ACTIVE && marked(bundle);
    }

    private static boolean marked(Bundle bundle) {
        return bundle.adapt(BundleStartLevel.class).isPersistentlyStarted();
    }

    private void notStarted(String name, Bundle bundle) {
        LOG.warn("{} did not start with the server; it is tried anew", path.resolve(name));
        boolean busy = (bundle.getState() & (Bundle.STARTING | Bundle.ACTIVE | Bundle.STOPPING)) != 0;
        if (busy && !marked(bundle)) bundles.abandon(bundle);
        else gone(name);
    }

    private void leaveAside(String name, Unfit why) {
        boolean late = why instanceof Trial.Late || why instanceof Step.Stuck;
        if (late && retries.late(name)) {
            LOG.warn("{} is left aside for now: {}; it is tried again", path.resolve(name), why.getMessage());
            return;
        }
        retries.forget(name);
        LOG.error("{} is left aside: {}", path.resolve(name), why.getMessage());
    }

    /** It may bring what others need: the next look takes them anew. */
    private void put(Jar jar) throws Unfit {
        // No start waits for what may never become fit.
        if (bundles.relieves(jar)) ready = true;
        Bundle before = bundles.installed().get(jar.name());
        bundles.put(jar);
        done.keySet().removeAll(needy);
        if (before != null && before.getVersion().compareTo(jar.version()) > 0) tryTheOthers();
    }

    /** Runs a jar at once, and puts it into the folder, so that it outlives a restart. @throws Unfit when it does not come up; nothing has changed then */
    synchronized void add(Jar jar) throws Unfit, IOException {
        open();
        Files.createDirectories(path);
        Path fresh = Files.write(path.resolve(jar.name() + ".new"), jar.bytes());
        try {
            put(jar);
            Files.move(fresh, path.resolve(jar.name()), StandardCopyOption.ATOMIC_MOVE);
            lastLook = stamps();
            done.put(jar.name(), lastLook.get(jar.name()));
            retries.forget(jar.name());
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Takes a file out of the folder at once. @return whether there was one @throws Unfit when what it stood in for does not come back; that is tried again then */
    synchronized boolean delete(String file) throws Unfit, IOException {
        open();
        // Not just any path that somebody names.
        if (!stamps().containsKey(file) || !Files.deleteIfExists(path.resolve(file))) return false;
        bundles.remove(file);
        tryTheOthers();
        return true;
    }

    private void open() throws IOException {
        if (closed) throw new IOException("another version of this bundle looks after " + path + " now");
    }

    /** Another looks after it from now on; what is being done is done first. */
    synchronized void close() {
        closed = true;
    }

    private Map<String, Stamp> stamps() throws IOException {
        Map<String, Stamp> stamps = new TreeMap<>();
        // Who has no plug-ins need not have the folder.
        if (Files.notExists(path) && bundles.installed().isEmpty()) return stamps;
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(path, "*.jar")) {
            for (Path jar : jars) stamp(jar, stamps);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return stamps;
    }

    private void stamp(Path jar, Map<String, Stamp> stamps) throws IOException {
        String name = jar.getFileName().toString();
        try {
            stamps.put(name, new Stamp(Files.getLastModifiedTime(jar), Files.size(jar)));
            dangling.remove(name);
        } catch (NoSuchFileException gone) {
            if (!Files.isSymbolicLink(jar)) LOG.debug("{} went while it was looked at", jar);
            else if (dangling.add(name)) LOG.error("{} is left aside: it is a link to what is not there", jar);
        }
    }
}
