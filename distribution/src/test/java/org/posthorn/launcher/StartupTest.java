package org.posthorn.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;

/** A server with the parts a, b and c, which starts again and again. */
@Timeout(60)
class StartupTest {
    private static final Logger LOG = Logger.getLogger("org.posthorn.launcher");

    @TempDir
    Path scratch;

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final CountDownLatch waits = new CountDownLatch(1);
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            log.add(line.getMessage());
            if (line.getMessage().contains("the start waits for")) waits.countDown();
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private Framework framework;
    private Startup startup;

    @BeforeEach
    void open() throws Exception {
        LOG.addHandler(handler);
        for (String part : List.of("a", "b", "c")) jar(entry(part, 0).in(scratch), part, "1");
        prepare();
    }

    @AfterEach
    void close() throws Exception {
        Hesitant.release();
        down();
        LOG.removeHandler(handler);
    }

    private void down() throws Exception {
        framework.stop();
        framework.waitForStop(0);
    }

    private static Feature.Entry entry(String name, int level) {
        return new Feature.Entry("g:" + name + ":1", level);
    }

    private static void jar(Path file, String name, String version) throws Exception {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        main.putValue(Constants.BUNDLE_SYMBOLICNAME, name);
        main.putValue(Constants.BUNDLE_VERSION, version);
        main.putValue(Constants.IMPORT_PACKAGE, "org.osgi.framework");
        if (!version.equals("1")) main.putValue(Constants.BUNDLE_ACTIVATOR, Hesitant.class.getName());
        Files.createDirectories(file.getParent());
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
            for (String type : List.of("Hesitant.class", "Hesitant$Service.class")) {
                jar.putNextEntry(new JarEntry("org/posthorn/launcher/" + type));
                try (InputStream in = Hesitant.class.getResourceAsStream(type)) {
                    in.transferTo(jar);
                }
            }
        }
    }

    /** Up to where bundles start. */
    private void prepare() throws Exception {
        framework = ProvisionTest.framework(scratch);
        framework.init();
        Provision provision = new Provision(
                framework.getBundleContext(),
                scratch,
                scratch.resolve("sums"),
                scratch.resolve("deploy"),
                new Unreached(scratch.resolve("unreached")));
        provision.bring(List.of(new Feature("f", List.of(entry("a", 10), entry("b", 20), entry("c", 60)))));
        startup = new Startup(
                framework.getBundleContext(),
                provision,
                Duration.ofMillis(200),
                (bundle, why) -> failures.add(bundle.getSymbolicName() + ": " + why.getMessage()));
    }

    private void up() throws Exception {
        framework.start();
        startup.to(100);
    }

    private void deployed(String name) throws Exception {
        install("deploy/mine.jar", "deploy:mine.jar#9", name, "2");
    }

    /** As after its trial. */
    private void install(String path, String location, String name, String version) throws Exception {
        Path file = scratch.resolve(path);
        jar(file, name, version);
        Bundle bundle = framework.getBundleContext().installBundle(location, Files.newInputStream(file));
        bundle.start();
        bundle.adapt(BundleStartLevel.class).setStartLevel(20);
    }

    private List<String> running() {
        return Arrays.stream(framework.getBundleContext().getBundles())
                .filter(b -> b.getBundleId() > 0 && b.getState() == Bundle.ACTIVE)
                .map(b -> b.getSymbolicName() + " " + b.getVersion().getMajor())
                .sorted()
                .toList();
    }

    private void again() throws Exception {
        down();
        prepare();
    }

    private void stoodItsTrial(String name) throws Exception {
        up();
        deployed(name);
        again();
        up();
        assertThat(running()).contains(name + " 2");
        assertThat(log).isEmpty();
        again();
    }

    @Test
    void bundles_start_by_their_levels_up_to_the_one_asked_for() throws Exception {
        List<String> started = new ArrayList<>();
        framework.getBundleContext().addBundleListener((SynchronousBundleListener) event -> {
            if (event.getType() == BundleEvent.STARTED)
                started.add(event.getBundle().getSymbolicName());
        });
        framework.start();
        startup.to(59);
        assertThat(running()).containsExactly("a 1", "b 1");
        startup.to(100);
        assertThat(started).endsWith("a", "b", "c");
        assertThat(failures).isEmpty();
    }

    @Test
    void a_plug_in_that_hangs_at_a_later_start_is_named_and_all_else_starts_and_stops() throws Exception {
        stoodItsTrial("com.acme.filter");
        Hesitant.hang();
        up();
        assertThat(running()).containsExactly("a 1", "b 1", "c 1");
        assertThat(log)
                .singleElement()
                .asString()
                .contains("deploy:mine.jar")
                .contains("com.acme.filter 2.0.0 does not return")
                .contains("the thread \"deploy-start com.acme.filter 2.0.0\" is left to itself")
                .endsWith("the server starts without it");
        assertThat(failures).isEmpty();
        assertThat(startup.hangs()).isTrue();
        startup.stopOthers();
        assertThat(running()).isEmpty();
    }

    @Test
    void nothing_starts_any_more_behind_a_stop_in_the_middle_of_a_start_that_left_one_hanging() throws Exception {
        stoodItsTrial("com.acme.filter");
        Hesitant.hang();
        framework.start();
        startup.to(59);
        assertThat(running()).containsExactly("a 1", "b 1");
        startup.stopOthers();
        startup.to(100);
        assertThat(running()).isEmpty();
    }

    @Test
    void one_that_hangs_who_has_its_service_is_stopped_before_others_have_it() throws Exception {
        stoodItsTrial("com.acme.filter");
        Hesitant.hangWithService();
        up();
        assertThat(running()).containsExactly("a 1", "b 1", "c 1");
        assertThat(log).singleElement().asString().endsWith("the server starts without it");
        assertThat(framework.getBundleContext().getServiceReference(Runnable.class))
                .isNull();
        assertThat(startup.hangs()).isFalse();
    }

    @Test
    void what_was_shipped_runs_in_the_place_of_one_that_hangs() throws Exception {
        stoodItsTrial("b");
        Hesitant.hang();
        up();
        assertThat(running()).containsExactly("a 1", "b 1", "c 1");
        assertThat(log)
                .singleElement()
                .asString()
                .endsWith("the server starts without it; 1.0.0, as shipped, runs instead");
    }

    @Test
    void what_was_shipped_runs_in_the_place_of_one_that_throws() throws Exception {
        stoodItsTrial("b");
        Hesitant.fail();
        up();
        assertThat(running()).containsExactly("a 1", "b 1", "c 1");
        assertThat(log).singleElement().isEqualTo("deploy:mine.jar#9 does not start; 1.0.0, as shipped, runs instead");
        assertThat(failures).singleElement().asString().startsWith("b: ");
        assertThat(startup.hangs()).isFalse();
    }

    @Test
    void nothing_comes_back_for_one_that_ran_beside_a_stand_in_and_hangs() throws Exception {
        up();
        install("deploy/mine.jar", "deploy:mine.jar#9", "b", "1");
        install("deploy/beside/other.jar", "beside:other.jar#10", "b", "2");
        again();
        Hesitant.hang();
        up();
        assertThat(running()).containsExactly("a 1", "b 1", "c 1");
        assertThat(framework.getBundleContext().getBundle(entry("b", 0).location()))
                .isNull();
        assertThat(log).singleElement().asString().endsWith("the server starts without it");
    }

    @Test
    void one_that_hung_has_to_stand_its_trial_anew() throws Exception {
        stoodItsTrial("b");
        Hesitant.hang();
        up();
        Hesitant.release();
        again();
        up();
        assertThat(running()).containsExactly("a 1", "b 1", "c 1");
        assertThat(framework.getBundleContext().getBundle("deploy:mine.jar#9")).isNull();
    }

    /** As kill -9 leaves it: the marks are on the disk as they are, and the framework, which ends here, changes none. */
    @Test
    void a_start_that_breaks_off_loses_no_mark_of_those_that_it_did_not_come_to() throws Exception {
        stoodItsTrial("b");
        again();
        assertThat(scratch.resolve("unreached")).content().isEqualTo("deploy:mine.jar#9\n");
        framework.start();
        startup.to(10);
        assertThat(running()).containsExactly("a 1");
        again();
        up();
        assertThat(running()).containsExactly("a 1", "b 2", "c 1");
        assertThat(scratch.resolve("unreached")).doesNotExist();
        again();
        up();
        assertThat(running()).containsExactly("a 1", "b 2", "c 1");
    }

    @Test
    void one_that_was_installed_by_hand_starts_again_and_again() throws Exception {
        install("by-hand.jar", "file:by-hand.jar", "com.acme.tool", "2");
        for (int start = 0; start < 3; start++) {
            again();
            up();
            assertThat(running()).containsExactly("a 1", "b 1", "c 1", "com.acme.tool 2");
        }
    }

    @Test
    void one_in_whose_start_the_process_ends_loses_its_mark() throws Exception {
        stoodItsTrial("b");
        List<Boolean> noted = new ArrayList<>();
        framework.getBundleContext().addBundleListener((SynchronousBundleListener) event -> {
            boolean mine = event.getBundle().getLocation().startsWith("deploy:");
            if (mine && event.getType() == BundleEvent.STARTING) noted.add(Files.exists(scratch.resolve("unreached")));
        });
        up();
        assertThat(noted).containsExactly(false);
    }

    @Test
    void one_of_ours_that_takes_long_to_come_up_is_waited_for() throws Exception {
        stoodItsTrial("b");
        framework.getBundleContext().addBundleListener((SynchronousBundleListener) event -> {
            boolean mine = event.getBundle().getLocation().startsWith("deploy:");
            if (mine && event.getType() == BundleEvent.STARTED) awaitTheLog();
        });
        up();
        assertThat(running()).containsExactly("a 1", "b 2", "c 1");
        assertThat(log).singleElement().asString().contains("the start waits for b 2.0.0 to come up");
        assertThat(startup.hangs()).isFalse();
    }

    private void awaitTheLog() {
        try {
            waits.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
