package org.posthorn.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.posthorn.api.config.SettingsCheck;

/** Which of several bundles declares the settings that count. */
class SchemasTest {

    @TempDir
    private Path dir;

    /** Answers by a method's name, else with nothing. */
    private static <T> T fake(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> answers.get(method.getName())));
    }

    private Bundle bundle(long id, String location, String version, String key) throws IOException {
        String metatype = """
                <metatype:MetaData xmlns:metatype="http://www.osgi.org/xmlns/metatype/v1.4.0">
                  <OCD id="a" name="A"><AD id="%s" type="String" default="" cardinality="0"/></OCD>
                  <Designate pid="org.posthorn.filter.example"><Object ocdref="a"/></Designate>
                </metatype:MetaData>
                """;
        URL file = Files.writeString(dir.resolve(id + ".xml"), metatype.formatted(key))
                .toUri()
                .toURL();
        Map<String, Object> answers = new HashMap<>(
                Map.of("getBundleId", id, "getLocation", location, "getState", Bundle.ACTIVE, "getLastModified", id));
        answers.put("getVersion", Version.parseVersion(version));
        return Bundle.class.cast(Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Bundle.class},
                (proxy, method, args) -> method.getName().equals("findEntries") && args[0].equals("OSGI-INF/metatype")
                        ? Collections.enumeration(List.of(file))
                        : answers.get(method.getName())));
    }

    private Set<String> keys(Bundle... bundles) {
        BundleContext context = fake(BundleContext.class, Map.of("getBundles", bundles));
        return new Schemas(context)
                .all()
                .get("org.posthorn.filter.example")
                .settings()
                .keySet();
    }

    @Test
    void one_that_runs_beside_does_not_judge_the_settings_of_the_one_that_counts() throws IOException {
        Bundle counts = bundle(1, "feature:example", "1.0.0", "old");
        Bundle beside = bundle(2, "beside:example.jar#2", "1.1.0", "new");
        assertThat(keys(counts, beside)).containsExactly("old");
        assertThat(keys(beside)).as("it is alone").containsExactly("new");
        Bundle next = bundle(3, "deploy:example.jar#3", "1.0.1", "next");
        assertThat(keys(next, counts, beside)).containsExactly("next");
    }

    @Test
    void a_check_of_one_that_runs_beside_is_not_asked() throws IOException {
        Bundle counts = bundle(1, "feature:example", "1.0.0", "word");
        Bundle beside = bundle(2, "beside:example.jar#2", "1.1.0", "word");
        BundleContext context = fake(BundleContext.class, Map.of("getBundles", new Bundle[] {counts, beside}));
        Files.writeString(dir.resolve("org.posthorn.filter.example.cfg"), "word = x\n");
        ConfigFolder folder = new ConfigFolder(dir, new Schemas(context)::all, new Force(null) {
            @Override
            void put(Checked checked) {}

            @Override
            void keepOnly(Set<String> files) {}
        });
        SettingsCheck strict = settings -> List.of(new SettingsCheck.Problem("word", "x", "another"));
        Map<String, Object> properties = Map.of("pid", "org.posthorn.filter.example");
        folder.bindCheck(from(beside), strict, properties);
        assertThat(folder.faults()).isEmpty();
        folder.bindCheck(from(counts), strict, properties);
        assertThat(folder.faults()).hasSize(1);
    }

    @Test
    void what_a_bundle_that_goes_kept_out_comes_into_force_by_itself() throws Exception {
        Bundle counts = bundle(1, "feature:example", "1.0.0", "word");
        Bundle next = bundle(2, "deploy:example.jar#2", "1.1.0", "other");
        List<Bundle> all = new ArrayList<>(List.of(counts, next));
        List<BundleListener> listeners = new ArrayList<>();
        BundleContext context = BundleContext.class.cast(Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "getProperty" -> dir.toString();
                    case "getBundles" -> all.toArray(Bundle[]::new);
                    case "addBundleListener" -> listeners.add((BundleListener) args[0]) ? null : null;
                    default -> null;
                }));
        Configuration configuration = fake(Configuration.class, Map.of("updateIfDifferent", true));
        Files.writeString(dir.resolve("org.posthorn.filter.example.cfg"), "word = x\n");
        ConfigFolder folder =
                new ConfigFolder(context, fake(ConfigurationAdmin.class, Map.of("getConfiguration", configuration)));
        try {
            assertThat(folder.faults()).hasSize(1);
            all.remove(1);
            listeners.forEach(l -> l.bundleChanged(new BundleEvent(BundleEvent.UNINSTALLED, next)));
            assertThat(folder.faults()).isEmpty();
        } finally {
            folder.stop();
        }
    }

    @SuppressWarnings("unchecked")
    private static ServiceReference<SettingsCheck> from(Bundle bundle) {
        return fake(ServiceReference.class, Map.of("getBundle", bundle));
    }
}
