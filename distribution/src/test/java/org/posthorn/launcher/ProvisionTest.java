package org.posthorn.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;

class ProvisionTest {
    @TempDir
    Path scratch;

    private Framework framework;

    @BeforeEach
    void open() throws Exception {
        framework = framework(scratch);
        framework.init();
    }

    /** As the launcher makes one, with its cache there. */
    static Framework framework(Path scratch) {
        return new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        scratch.resolve("cache").toString(),
                        Constants.FRAMEWORK_BEGINNING_STARTLEVEL,
                        "100",
                        Constants.FRAMEWORK_BSNVERSION,
                        Constants.FRAMEWORK_BSNVERSION_MULTIPLE));
    }

    @AfterEach
    void close() throws Exception {
        framework.stop();
        framework.waitForStop(0);
    }

    @Test
    void what_is_missing_is_installed_and_started_at_its_level() throws Exception {
        jar("a", "1");
        bring("a:10");
        start();
        assertThat(installed()).containsExactly(Map.entry("a", "1"));
        assertThat(bundle("a").getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(bundle("a").adapt(BundleStartLevel.class).getStartLevel()).isEqualTo(10);
    }

    @Test
    void what_has_changed_is_updated_even_if_the_file_is_as_old() throws Exception {
        jar("a", "1");
        bring("a:10");
        long id = bundle("a").getBundleId();
        Path jar = jar("a", "2");
        Files.setLastModifiedTime(jar, java.nio.file.attribute.FileTime.fromMillis(0));
        bring("a:20");
        assertThat(installed()).containsExactly(Map.entry("a", "2"));
        assertThat(bundle("a").getBundleId()).isEqualTo(id);
        assertThat(bundle("a").adapt(BundleStartLevel.class).getStartLevel()).isEqualTo(20);
    }

    @Test
    void what_has_not_changed_is_left_as_it_is() throws Exception {
        jar("a", "1");
        bring("a:10");
        long modified = bundle("a").getLastModified();
        bring("a:10");
        assertThat(bundle("a").getLastModified()).isEqualTo(modified);
    }

    @Test
    void what_is_no_longer_listed_goes_and_what_came_from_elsewhere_stays() throws Exception {
        jar("a", "1");
        jar("b", "1");
        bring("a:10", "b:10");
        keep("deploy:c", jar("c", "1"));
        bring("a:10");
        assertThat(installed()).containsOnlyKeys("a", "c");
    }

    @Test
    void what_a_file_in_deploy_stands_in_for_is_out_until_the_file_is_gone() throws Exception {
        jar("a", "1");
        bring("a:10");
        start();
        keep("deploy:mine.jar#7", jar("a", "2"));
        Path mine = Files.createFile(
                Files.createDirectory(scratch.resolve("deploy")).resolve("mine.jar"));
        bring("a:10");
        assertThat(bundle("a")).isNull();
        Files.delete(mine);
        bring("a:10");
        start();
        assertThat(bundle("a").getState()).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    void what_did_not_stand_its_trial_goes_and_stands_in_for_nobody() throws Exception {
        framework.getBundleContext().installBundle("deploy:mine.jar#7", Files.newInputStream(jar("a", "2")));
        Files.createFile(Files.createDirectory(scratch.resolve("deploy")).resolve("mine.jar"));
        jar("a", "1");
        bring("a:10");
        assertThat(framework.getBundleContext().getBundle("deploy:mine.jar#7")).isNull();
        assertThat(installed()).containsExactly(Map.entry("a", "1"));
    }

    @Test
    void what_the_last_start_did_not_come_to_stays_and_stands_in_as_ever() throws Exception {
        framework.getBundleContext().installBundle("deploy:mine.jar#7", Files.newInputStream(jar("a", "2")));
        Files.createFile(Files.createDirectory(scratch.resolve("deploy")).resolve("mine.jar"));
        Files.writeString(scratch.resolve("unreached"), "beside:other.jar#2\ndeploy:mine.jar#7\n");
        jar("a", "1");
        bring("a:10");
        assertThat(installed()).containsExactly(Map.entry("a", "2"));
    }

    @Test
    void what_came_from_a_file_that_is_gone_goes_and_a_folder_that_is_gone_tells_nothing() throws Exception {
        for (String location : List.of("deploy:b.jar#3", "beside:c.jar#4", "beside:c.jar"))
            keep(location, jar(location.substring(7, 8), "1"));
        bring();
        assertThat(installed()).containsOnlyKeys("b", "c");
        Path deploy = Files.createDirectory(scratch.resolve("deploy"));
        bring();
        assertThat(installed()).containsOnlyKeys("c");
        Files.createDirectory(deploy.resolve("beside"));
        bring();
        assertThat(installed()).isEmpty();
    }

    @Test
    void the_copies_that_a_swap_left_go() throws Exception {
        Map<String, String> left = Map.of("a", "copy:a#3", "b", "beside:copy/b#4", "c", "beside:c.jar#5");
        for (String name : left.keySet()) keep(left.get(name), jar(name, "1"));
        bring();
        assertThat(installed()).containsOnlyKeys("c");
    }

    @Test
    void what_somebody_uninstalled_comes_back() throws Exception {
        jar("a", "1");
        bring("a:10");
        bundle("a").uninstall();
        bring("a:10");
        assertThat(installed()).containsExactly(Map.entry("a", "1"));
    }

    private Path jar(String name, String version) throws Exception {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        main.putValue(Constants.BUNDLE_SYMBOLICNAME, name);
        main.putValue(Constants.BUNDLE_VERSION, version);
        Path jar = entry(name, 0).in(scratch);
        Files.createDirectories(jar.getParent());
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }

    private static Feature.Entry entry(String name, int level) {
        return new Feature.Entry("g:" + name + ":1", level);
    }

    private void bring(String... bundles) throws Exception {
        List<Feature.Entry> entries = new ArrayList<>();
        for (String bundle : bundles) {
            String[] part = bundle.split(":");
            entries.add(entry(part[0], Integer.parseInt(part[1])));
        }
        provision().bring(List.of(new Feature("f", entries)));
    }

    private Provision provision() throws Exception {
        return new Provision(
                framework.getBundleContext(),
                scratch,
                scratch.resolve("sums"),
                scratch.resolve("deploy"),
                new Unreached(scratch.resolve("unreached")));
    }

    /** A start of the server starts it. */
    private void keep(String location, Path jar) throws Exception {
        framework
                .getBundleContext()
                .installBundle(location, Files.newInputStream(jar))
                .start();
    }

    private void start() throws Exception {
        Startup startup =
                new Startup(framework.getBundleContext(), provision(), Duration.ofMinutes(1), (bundle, why) -> {});
        framework.start();
        startup.to(100);
    }

    private Bundle bundle(String name) {
        return framework.getBundleContext().getBundle(entry(name, 0).location());
    }

    private Map<String, String> installed() {
        Map<String, String> versions = new TreeMap<>();
        for (Bundle bundle : framework.getBundleContext().getBundles()) {
            if (bundle.getBundleId() != 0) {
                versions.put(
                        bundle.getSymbolicName(),
                        Integer.toString(bundle.getVersion().getMajor()));
            }
        }
        return versions;
    }
}
