package org.posthorn.config;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The schemas of all bundles that are installed, started or not. Each bundle is read once. Thread-safe. */
final class Schemas {

    private static final Logger LOG = LoggerFactory.getLogger(Schemas.class);

    private record Read(long modified, List<Schema> schemas) {}

    private final BundleContext context;
    private Map<Long, Read> read = Map.of();

    Schemas(BundleContext context) {
        this.context = context;
    }

    /** By PID. Of two bundles with one PID the newer version counts. */
    synchronized Map<String, Schema> all() {
        List<Bundle> bundles = new ArrayList<>(List.of(context.getBundles()));
        bundles.removeIf(b -> b.getState() == Bundle.UNINSTALLED);
        bundles.sort(Comparator.comparing(Bundle::getVersion));
        Map<Long, Read> before = read;
        read = new HashMap<>();
        Map<String, Schema> schemas = new HashMap<>();
        for (Bundle bundle : bundles) {
            Read known = before.get(bundle.getBundleId());
            Read now = known != null && known.modified == bundle.getLastModified() ? known : read(bundle);
            read.put(bundle.getBundleId(), now);
            now.schemas.forEach(s -> schemas.put(s.pid(), s));
        }
        return schemas;
    }

    private static Read read(Bundle bundle) {
        Enumeration<URL> files = bundle.findEntries("OSGI-INF/metatype", "*.xml", false);
        List<Schema> schemas = new ArrayList<>();
        for (URL url : files == null ? List.<URL>of() : Collections.list(files)) {
            try (InputStream xml = url.openStream()) {
                schemas.addAll(SchemaReader.read(xml));
            } catch (IOException e) {
                LOG.warn("The settings that {} declares cannot be read: {}", bundle.getSymbolicName(), e.getMessage());
            }
        }
        return new Read(bundle.getLastModified(), schemas);
    }
}
