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
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.posthorn.api.config.SettingsCheck;
import org.posthorn.api.filter.MailFilter;
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

    /** Whether it is only tried: what counts has its settings judged by itself. */
    static boolean beside(Bundle bundle) {
        return bundle.getLocation().startsWith(MailFilter.BESIDE);
    }

    /** By PID. Of two bundles with one PID the newer version counts, and before one that runs beside any that does not. */
    synchronized Map<String, Schema> all() {
        List<Bundle> bundles = new ArrayList<>(List.of(context.getBundles()));
        bundles.removeIf(b -> b.getState() == Bundle.UNINSTALLED);
        bundles.sort(Comparator.comparing((Bundle b) -> !beside(b)).thenComparing(Bundle::getVersion));
        Map<Long, Read> before = read;
        read = new HashMap<>();
        Map<String, Schema> schemas = new HashMap<>();
        for (Bundle bundle : bundles) {
            Read known = before.get(bundle.getBundleId());
            Read now = known != null && known.modified == bundle.getLastModified() ? known : readIfThere(bundle);
            read.put(bundle.getBundleId(), now);
            now.schemas.forEach(s -> schemas.put(s.pid(), s));
        }
        return schemas;
    }

    /** One that goes at this moment, because another takes its place, has no settings any more. */
    private static Read readIfThere(Bundle bundle) {
        try {
            return read(bundle);
        } catch (IllegalStateException | NullPointerException gone) {
            // The second is how Felix trips over one that it is just taking out.
            if (gone instanceof NullPointerException && bundle.getState() != Bundle.UNINSTALLED) throw gone;
            return new Read(bundle.getLastModified(), List.of());
        }
    }

    private static Read read(Bundle bundle) {
        List<Schema> schemas = new ArrayList<>();
        files(bundle, "OSGI-INF/metatype", xml -> schemas.addAll(SchemaReader.read(xml)));
        if (schemas.isEmpty()) return new Read(bundle.getLastModified(), schemas);
        List<SchemaReader.Check> checks = new ArrayList<>();
        files(bundle, "OSGI-INF", xml -> SchemaReader.check(xml).ifPresent(checks::add));
        schemas.replaceAll(schema -> schema.checkedBy(checks.stream()
                .filter(check -> check.pid().equals(schema.pid()))
                .map(check -> maker(bundle, check.implementation()))
                .toList()));
        return new Read(bundle.getLastModified(), schemas);
    }

    /** Of a file of a bundle. */
    private interface Reader {
        void read(InputStream xml) throws IOException;
    }

    private static void files(Bundle bundle, String folder, Reader reader) {
        Enumeration<URL> files = bundle.findEntries(folder, "*.xml", false);
        for (URL url : files == null ? List.<URL>of() : Collections.list(files)) {
            try (InputStream xml = url.openStream()) {
                reader.read(xml);
            } catch (IOException e) {
                if (bundle.getState() == Bundle.UNINSTALLED) throw new IllegalStateException(e);
                LOG.warn("The settings that {} declares cannot be read: {}", bundle.getSymbolicName(), e.getMessage());
            }
        }
    }

    /** Makes one anew each time: who kept it would keep the classes of a bundle that goes. */
    private static Supplier<SettingsCheck> maker(Bundle bundle, String implementation) {
        return () -> {
            try {
                return (SettingsCheck)
                        bundle.loadClass(implementation).getConstructor().newInstance();
            } catch (ReflectiveOperationException | LinkageError | IllegalStateException | ClassCastException e) {
                LOG.debug("{} of {} checks nothing", implementation, bundle.getSymbolicName(), e);
                return settings -> List.of();
            }
        };
    }
}
