package org.posthorn.deploy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.posthorn.api.filter.MailFilter;

/**
 * Which bundles there are, and where they came from: those of the folder are installed under {@code deploy:FILE#NUMBER}, so that a restart knows them
 * again, and so that a new version of a file can stand beside the old one.
 */
record Deployed(BundleContext context) {

    static final String LOCATION = "deploy:";

    /** The file of the folder that it came from; empty for a shipped one. */
    static Optional<String> file(Bundle bundle) {
        String location = bundle.getLocation();
        if (!location.startsWith(LOCATION)) return Optional.empty();
        int number = location.lastIndexOf('#');
        return Optional.of(location.substring(LOCATION.length(), number < 0 ? location.length() : number));
    }

    /** A location for the next bundle of that file. */
    String fresh(String file) {
        long last = all().filter(b -> file(b).filter(file::equals).isPresent())
                .mapToLong(Bundle::getBundleId)
                .max()
                .orElse(0);
        return LOCATION + file + "#" + (last + 1);
    }

    /** Those of the folder by file name; of two of one file, which a swap that was cut off leaves, the one that runs, else the later. */
    Map<String, Bundle> files() {
        Map<String, Bundle> files = new HashMap<>();
        all().forEach(b -> file(b).ifPresent(name -> files.merge(name, b, Deployed::better)));
        return files;
    }

    private static Bundle better(Bundle earlier, Bundle later) {
        boolean laterRests = later.getState() != Bundle.ACTIVE;
        return laterRests && earlier.getState() == Bundle.ACTIVE ? earlier : later;
    }

    /** Bundles of the folder that another of the same file has taken the place of. */
    Stream<Bundle> superseded() {
        Map<String, Bundle> files = files();
        return all().filter(b -> file(b).filter(f -> files.get(f) != b).isPresent());
    }

    Stream<Bundle> named(String symbolicName) {
        return all().filter(b -> symbolicName.equals(b.getSymbolicName()));
    }

    /** The bundles of that name that are at work. */
    Stream<Bundle> running(String symbolicName) {
        return named(symbolicName).filter(b -> b.getState() == Bundle.ACTIVE);
    }

    /** What runs beside takes nobody's place. */
    private Stream<Bundle> all() {
        return Arrays.stream(context.getBundles()).filter(b -> !b.getLocation().startsWith(MailFilter.BESIDE));
    }
}
