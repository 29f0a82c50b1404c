package org.posthorn.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.zip.CRC32;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * Makes the installed bundles those of the features: installs what is missing, updates what has changed, uninstalls what is no longer
 * listed, and leaves alone what came from elsewhere. Runs before any bundle is resolved, so nothing needs a refresh.
 */
final class Provision {
    private final BundleContext context;
    private final Path repository;
    private final Path record;

    /** @param record the check sums of what is installed; times are no help, as a reproducible zip gives all jars the same */
    Provision(BundleContext context, Path repository, Path record) {
        this.context = context;
        this.repository = repository;
        this.record = record;
    }

    void bring(List<Feature> features) throws BundleException, IOException {
        Properties before = readRecord();
        Properties now = new Properties();
        for (Feature feature : features) {
            for (Feature.Entry entry : feature.bundles()) {
                Path jar = entry.in(repository);
                String sum = sum(jar);
                now.put(entry.location(), sum);
                bring(entry, jar, sum.equals(before.get(entry.location())));
            }
        }
        removeUnlisted(now.stringPropertyNames());
        if (!now.equals(before)) {
            try (Writer writer = Files.newBufferedWriter(record)) {
                now.store(writer, null);
            }
        }
    }

    private void bring(Feature.Entry entry, Path jar, boolean same) throws BundleException, IOException {
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
        if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
            bundle.start(Bundle.START_ACTIVATION_POLICY);
        }
    }

    private void removeUnlisted(Set<String> listed) throws BundleException {
        for (Bundle bundle : context.getBundles()) {
            if (bundle.getLocation().startsWith("feature:") && !listed.contains(bundle.getLocation())) {
                bundle.uninstall();
            }
        }
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
