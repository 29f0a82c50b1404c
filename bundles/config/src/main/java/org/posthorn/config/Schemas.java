package org.posthorn.config;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The schemas of all bundles that are installed, started or not. */
final class Schemas {

    private static final Logger LOG = LoggerFactory.getLogger(Schemas.class);

    private Schemas() {}

    /** By PID. Of two bundles with one PID the newer version counts. */
    static Map<String, Schema> of(BundleContext context) {
        List<Bundle> bundles = new ArrayList<>(List.of(context.getBundles()));
        bundles.sort((a, b) -> a.getVersion().compareTo(b.getVersion()));
        Map<String, Schema> schemas = new HashMap<>();
        for (Bundle bundle : bundles) of(bundle).forEach(s -> schemas.put(s.pid(), s));
        return schemas;
    }

    private static List<Schema> of(Bundle bundle) {
        if (bundle.getState() == Bundle.UNINSTALLED) return List.of();
        Enumeration<URL> files = bundle.findEntries("OSGI-INF/metatype", "*.xml", false);
        List<Schema> schemas = new ArrayList<>();
        for (URL url : files == null ? List.<URL>of() : Collections.list(files)) {
            try (InputStream xml = url.openStream()) {
                schemas.addAll(SchemaReader.read(xml));
            } catch (IOException e) {
                LOG.warn("The settings that {} declares cannot be read: {}", bundle.getSymbolicName(), e.getMessage());
            }
        }
        return schemas;
    }
}
