package org.posthorn.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.filter.Verdict;
import org.posthorn.api.mail.Origin;

@Timeout(60)
class BesideTest {

    @TempDir
    private Path dir;

    private Felix felix;
    private Beside bundles;
    private Folder folder;
    private Path beside;
    private String offers = "org.posthorn.api.filter.MailFilter";

    @BeforeEach
    void start() throws Exception {
        beside = Files.createDirectories(dir.resolve("deploy/beside"));
        felix = new Felix(dir);
        bundles = new Beside(felix.swap());
        folder = new Folder(beside, bundles);
        shipped();
    }

    private void shipped() throws IOException, BundleException {
        felix.context()
                .installBundle("feature:example", new java.io.ByteArrayInputStream(jar("com.acme.filter", "1.0.0")))
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        felix.close();
    }

    private byte[] jar(String symbolicName, String version) throws IOException {
        return MadeJar.of(
                symbolicName,
                version,
                "Provide-Capability",
                "osgi.service;objectClass:List<String>=\"" + offers + "\"");
    }

    private void put(String name, byte[] bytes) throws IOException {
        Files.write(beside.resolve(name), bytes);
        folder.look();
        folder.look();
    }

    private List<String> running() {
        return Arrays.stream(felix.context().getBundles())
                .filter(b -> b.getBundleId() > 0 && b.getState() == Bundle.ACTIVE)
                .map(b -> b.getSymbolicName() + " " + b.getVersion() + " "
                        + b.getLocation().replaceFirst("#\\d+$", ""))
                .toList();
    }

    @Test
    void a_bundle_runs_beside_the_one_of_its_name_until_its_file_goes() throws IOException {
        put("a.jar", jar("com.acme.filter", "1.1.0"));
        assertThat(running())
                .containsExactly("com.acme.filter 1.0.0 feature:example", "com.acme.filter 1.1.0 beside:a.jar");
        put("a.jar", jar("com.acme.filter", "1.2.0"));
        assertThat(running())
                .containsExactly("com.acme.filter 1.0.0 feature:example", "com.acme.filter 1.2.0 beside:a.jar");
        Files.delete(beside.resolve("a.jar"));
        folder.look();
        assertThat(running()).hasSize(2);
        folder.look();
        assertThat(running()).containsExactly("com.acme.filter 1.0.0 feature:example");
    }

    @Test
    void the_same_version_again_is_left_aside() throws IOException {
        put("a.jar", jar("com.acme.filter", "1.0.0"));
        assertThat(running()).containsExactly("com.acme.filter 1.0.0 feature:example");
        put("a.jar", jar("com.acme.filter", "1.0.1"));
        assertThat(running()).hasSize(2);
    }

    @Test
    void what_offers_more_than_filters_is_left_aside() throws IOException {
        offers = "org.posthorn.api.routing.Router";
        put("a.jar", jar("com.acme.filter", "1.1.0"));
        assertThat(running()).hasSize(1);
        offers = "org.posthorn.api.filter.MailFilter";
        put("a.jar", jar("com.acme.filter", "1.1.0"));
        assertThat(running()).hasSize(2);
    }

    @Test
    void what_does_not_resolve_leaves_nothing_behind() throws IOException {
        put("a.jar", new byte[100]);
        assertThat(felix.context().getBundles()).hasSize(2);
    }

    @Test
    void without_the_folder_nothing_happens() throws IOException {
        Files.delete(beside);
        folder.look();
        folder.look();
        assertThat(running()).hasSize(1);
    }

    @Test
    void a_bad_jar_leaves_the_good_one_of_its_file() throws IOException {
        put("a.jar", jar("com.acme.filter", "1.1.0"));
        put("a.jar", MadeJar.moody("com.acme.filter", "1.2.0", "On-Start", "throws"));
        assertThat(running())
                .containsExactly("com.acme.filter 1.0.0 feature:example", "com.acme.filter 1.1.0 beside:a.jar");
    }

    @Test
    void what_scr_offers_for_a_filter_with_settings_is_no_other_service() {
        assertThatCode(() -> Beside.refuse(Stream.of("org.osgi.service.cm.ManagedService")))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> Beside.refuse(Stream.of("javax.sql.DataSource")))
                .hasMessageContaining("filters alone can run beside");
    }

    @Test
    void what_an_activator_offers_is_looked_at_too_also_later() throws Exception {
        put("a.jar", MadeJar.moody("com.acme.filter", "1.2.0", "On-Start", "offers"));
        assertThat(running()).hasSize(1);
        put("a.jar", jar("com.acme.filter", "1.1.0"));
        assertThat(running()).hasSize(2);
        CountDownLatch gone = new CountDownLatch(1);
        felix.context().addBundleListener(event -> {
            if (event.getType() == BundleEvent.UNINSTALLED) gone.countDown();
        });
        Bundle beside = felix.context().getBundles()[2];
        beside.getBundleContext().registerService(Runnable.class, () -> {}, null);
        gone.await();
        assertThat(running()).hasSize(1);
    }

    @Test
    void a_filter_that_throws_when_it_is_asked_does_not_run_beside() throws Exception {
        felix.context().addBundleListener((SynchronousBundleListener) event -> {
            if (event.getType() != BundleEvent.STARTED) return;
            MailFilter filter = new MailFilter() {
                @Override
                public Verdict client(Origin origin) {
                    throw new IllegalStateException("no opinion today");
                }
            };
            event.getBundle().getBundleContext().registerService(MailFilter.class, filter, null);
        });
        byte[] jar = jar("com.acme.filter", "1.1.0");
        assertThatThrownBy(() -> run(jar)).isInstanceOf(Unfit.class).hasMessageContaining("no opinion today");
        assertThat(running()).containsExactly("com.acme.filter 1.0.0 feature:example");
    }

    private Bundle run(byte[] jar) throws Unfit {
        return bundles.run("beside:replay/com.acme.filter", new ByteArrayInputStream(jar));
    }

    @Test
    void what_others_run_beside_is_looked_at_too_and_not_started_by_a_restart() throws Exception {
        Bundle filter = run(jar("com.acme.filter", "1.1.0"));
        assertThat(filter.getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(filter.adapt(BundleStartLevel.class).isPersistentlyStarted()).isFalse();
        filter.uninstall();
        byte[] more = MadeJar.moody("com.acme.filter", "1.2.0", "On-Start", "offers");
        assertThatThrownBy(() -> run(more)).isInstanceOf(Unfit.class).hasMessageContaining("java.lang.Runnable");
        offers = "org.posthorn.api.routing.Router";
        byte[] router = jar("com.acme.filter", "1.3.0");
        assertThatThrownBy(() -> run(router)).isInstanceOf(Unfit.class).hasMessageContaining("filters alone");
        assertThat(running()).hasSize(1);
    }

    @Test
    void what_others_run_and_take_out_is_beside_and_nothing_that_counts() throws Exception {
        byte[] jar = jar("com.acme.filter", "1.1.0");
        assertThatThrownBy(() -> bundles.run("replay/com.acme.filter", new ByteArrayInputStream(jar)))
                .isInstanceOf(Unfit.class)
                .hasMessageContaining("does not begin with beside:");
        assertThat(felix.context().getBundles()).hasSize(2);
        Bundle filter = run(jar);
        long counts = felix.context().getBundles()[1].getBundleId();
        assertThatThrownBy(() -> bundles.takeOut(counts)).hasMessageContaining("does not run beside");
        bundles.takeOut(filter.getBundleId());
        bundles.takeOut(filter.getBundleId());
        assertThat(running()).containsExactly("com.acme.filter 1.0.0 feature:example");
    }

    @Test
    void one_that_hung_with_the_server_is_tried_anew_when_its_start_returns() throws Exception {
        String release = "posthorn.test." + dir.getFileName();
        byte[] hangs = MadeJar.moody("com.acme.filter", "1.4.0", "On-Start", "hangs", "Hangs-Until", release);
        Bundle bundle = felix.context().installBundle("beside:a.jar#7", new ByteArrayInputStream(hangs));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        felix.context().addBundleListener((SynchronousBundleListener) event -> {
            if (event.getType() == BundleEvent.STARTING) begun.countDown();
            if (event.getType() == BundleEvent.UNINSTALLED) gone.countDown();
        });
        try {
            begin(bundle);
            begun.await();
            put("a.jar", hangs);
            assertThat(running()).containsExactly("com.acme.filter 1.0.0 feature:example");
        } finally {
            Moody.release(release);
        }
        gone.await();
        for (int look = 0; look < 70; look++) folder.look();
        assertThat(running())
                .containsExactly("com.acme.filter 1.0.0 feature:example", "com.acme.filter 1.4.0 beside:a.jar");
        System.clearProperty(release);
    }

    /** As the launcher starts one. */
    private static void begin(Bundle bundle) {
        Thread start = new Thread(() -> {
            try {
                bundle.start(Bundle.START_TRANSIENT);
            } catch (BundleException e) {
                throw new IllegalStateException(e);
            }
        });
        start.setDaemon(true);
        start.start();
    }

    @Test
    void nobody_waits_for_one_of_others_that_does_not_start() throws Exception {
        String release = "posthorn.test." + dir.getFileName();
        byte[] hangs = MadeJar.moody("com.acme.filter", "1.4.0", "On-Start", "hangs", "Hangs-Until", release);
        CountDownLatch gone = new CountDownLatch(1);
        felix.context().addBundleListener(event -> {
            if (event.getType() == BundleEvent.UNINSTALLED) gone.countDown();
        });
        try {
            assertThatThrownBy(() -> run(hangs)).isInstanceOf(Unfit.class).hasMessageContaining("does not return");
        } finally {
            Moody.release(release);
        }
        gone.await();
        System.clearProperty(release);
    }
}
