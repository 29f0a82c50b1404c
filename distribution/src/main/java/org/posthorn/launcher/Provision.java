package org.posthorn.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * Makes the installed bundles those of the features: installs what is missing, updates what has changed, uninstalls what is no longer
 * listed, came from a file of {@code deploy/} that is gone, or did not stand its trial or start the last time, and leaves alone what came from elsewhere. Runs before
 * any bundle is resolved, so nothing needs a refresh.
 */
final class Provision {
    /** What came from {@code deploy/}, and what runs beside. */
    private static final Pattern FROM_FOLDER = Pattern.compile("(deploy|beside):(.*?)(#\\d+)?");

    private final BundleContext context;
    private final Path repository;
    private final Path record;
    private final Path deploy;
    private final Unreached unreached;
    /** What jars of the folder stand in for, by symbolic name. */
    private final Map<String, Feature.Entry> replaced = new HashMap<>();

    /**
     * @param record the check sums of what is installed; times are no help, as a reproducible zip gives all jars the same
     * @param deploy the folder of plug-ins, some of which may stand in for bundles of ours
     * @param unreached what the last start left in it is kept
     */
    Provision(BundleContext context, Path repository, Path record, Path deploy, Unreached unreached) {
        this.context = context;
        this.repository = repository;
        this.record = record;
        this.deploy = deploy;
        this.unreached = unreached;
    }

    void bring(List<Feature> features) throws BundleException, IOException {
        Properties before = readRecord();
        Properties now = new Properties();
        for (Feature feature : features) {
            for (Feature.Entry entry : feature.bundles()) {
                if (stoodInFor(entry)) {
                    replaced.put(symbolicName(entry), entry);
                    continue;
                }
                Path jar = entry.in(repository);
                String sum = sum(jar);
                now.put(entry.location(), sum);
                install(entry, jar, sum.equals(before.get(entry.location())));
            }
        }
        removeUnlisted(now.stringPropertyNames());
        if (!now.equals(before)) {
            try (Writer writer = Files.newBufferedWriter(record)) {
                now.store(writer, null);
            }
        }
    }

    private Bundle install(Feature.Entry entry, Path jar, boolean same) throws BundleException, IOException {
        Bundle bundle = context.getBundle(entry.location());
        if (bundle == null) {
            try (InputStream in = Files.newInputStream(jar)) {
                bundle = context.installBundle(entry.location(), in);
            }
        } else if (!same) {
            try (InputStream in = Files.newInputStream(jar)) {
                bundle.update(in);
            }
        }
        bundle.adapt(BundleStartLevel.class).setStartLevel(entry.startLevel());
        return bundle;
    }

    /** Whether a start of the server starts it. */
    boolean starts(Bundle bundle) {
        return kept(bundle) || listed(bundle) && bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null;
    }

    /** Whether it is one of the features. */
    static boolean listed(Bundle bundle) {
        return bundle.getLocation().startsWith("feature:");
    }

    /** Whether it started and is to start again: of a jar in {@code deploy/}, that it stood its trial. */
    boolean kept(Bundle bundle) {
        return bundle.adapt(BundleStartLevel.class).isPersistentlyStarted() || unreached.has(bundle.getLocation());
    }

    Unreached unreached() {
        return unreached;
    }

    /** Whether it is there in the place of a bundle of ours; what runs beside may have the name of one, too. */
    boolean standsIn(Bundle bundle) {
        return takesPlaces(FROM_FOLDER.matcher(bundle.getLocation())) && replaced.containsKey(bundle.getSymbolicName());
    }

    private static boolean takesPlaces(Matcher location) {
        return location.matches() && location.group(1).equals("deploy");
    }

    /** Installs what that one stands in for. */
    Bundle bringBack(Bundle standIn) throws BundleException, IOException {
        Feature.Entry entry = replaced.get(standIn.getSymbolicName());
        return install(entry, entry.in(repository), true);
    }

    private static String symbolicName(Feature.Entry entry) {
        return entry.id().split(":")[1];
    }

    /** Whether a bundle of that location is one of the administrator's, which the server does without when it does not start. */
    static boolean fromFolder(String location) {
        return FROM_FOLDER.matcher(location).matches();
    }

    /** The file of a bundle of the folder. */
    private Path file(Matcher location) {
        Path folder = location.group(1).equals("beside") ? deploy.resolve("beside") : deploy;
        return folder.resolve(location.group(2));
    }

    /** Whether a jar of the folder, which is still there, was put in its place; see the bundle {@code deploy}. */
    private boolean stoodInFor(Feature.Entry entry) {
        String symbolicName = symbolicName(entry);
        return Arrays.stream(context.getBundles())
                .filter(b -> symbolicName.equals(b.getSymbolicName()) && kept(b))
                .map(b -> FROM_FOLDER.matcher(b.getLocation()))
                .anyMatch(location -> takesPlaces(location) && Files.exists(file(location)));
    }

    private void removeUnlisted(Set<String> listed) throws BundleException {
        for (Bundle bundle : context.getBundles()) {
            String location = bundle.getLocation();
            // A copy stood in for its bundle while a library was swapped, and the process died.
            boolean left = location.startsWith("copy:") || location.startsWith("beside:copy/");
            boolean unlisted = listed(bundle) && !listed.contains(location);
            boolean unfit = fromFolder(location) && !kept(bundle);
            if (left || unlisted || unfit || gone(location)) {
                bundle.uninstall();
            }
        }
    }

    /** Whether it came from a file that is not there any more; a folder that is not there tells nothing. */
    private boolean gone(String location) {
        Matcher from = FROM_FOLDER.matcher(location);
        return from.matches() && Files.isDirectory(file(from).getParent()) && Files.notExists(file(from));
    }

    private Properties readRecord() throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(record)) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            return new Properties();
        }
        return properties;
    }

    private static String sum(Path jar) throws IOException {
        CRC32 sum = new CRC32();
        try (FileChannel channel = FileChannel.open(jar)) {
            sum.update(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
        }
        return Long.toHexString(sum.getValue());
    }
}
