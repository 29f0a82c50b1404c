package org.posthorn.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.posthorn.api.routing.Router;

class FolderTest {

    /** Bundles without components. */
    static final ServiceComponentRuntime NO_COMPONENTS =
            (ServiceComponentRuntime) java.lang.reflect.Proxy.newProxyInstance(
                    FolderTest.class.getClassLoader(),
                    new Class<?>[] {ServiceComponentRuntime.class},
                    (proxy, method, arguments) -> List.of());

    @TempDir
    private Path dir;

    private Felix felix;
    private Folder folder;
    private Path deploy;

    @BeforeEach
    void start() throws Exception {
        deploy = Files.createDirectory(dir.resolve("deploy"));
        felix = new Felix(dir);
        folder = new Folder(deploy, felix.plugins());
    }

    @AfterEach
    void stop() throws Exception {
        felix.close();
    }

    private void put(String name, byte[] bytes) throws IOException {
        Files.write(deploy.resolve(name), bytes);
        folder.look();
        folder.look();
    }

    private List<String> running() {
        return felix.running();
    }

    @Test
    void a_bundle_runs_is_replaced_and_goes_with_its_file() throws IOException {
        put("a.jar", MadeJar.of("com.acme.filter", "1.0.0"));
        assertThat(running()).containsExactly("com.acme.filter 1.0.0");
        put("a.jar", MadeJar.of("com.acme.filter", "2.0.0"));
        assertThat(running()).containsExactly("com.acme.filter 2.0.0");
        Files.delete(deploy.resolve("a.jar"));
        folder.look();
        assertThat(running()).hasSize(1);
        folder.look();
        assertThat(running()).isEmpty();
    }

    @Test
    void a_link_to_nowhere_is_told_of_once_and_counts_when_it_leads_somewhere() throws IOException {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        Path target = dir.resolve("target.jar");
        try {
            Files.createSymbolicLink(deploy.resolve("a.jar"), target);
            for (int look = 0; look < 3; look++) folder.look();
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(StandardCharsets.UTF_8).lines())
                .filteredOn(l -> l.contains("a.jar"))
                .singleElement()
                .asString()
                .contains("it is a link to what is not there");
        Files.write(target, MadeJar.of("com.acme.filter", "1.0.0"));
        folder.look();
        folder.look();
        assertThat(running()).containsExactly("com.acme.filter 1.0.0");
    }

    @Test
    void a_folder_that_another_version_looks_after_is_left_to_it() throws Exception {
        put("a.jar", MadeJar.of("com.acme.filter", "1.0.0"));
        Jar jar = Jar.read(deploy.resolve("a.jar"));
        folder.close();
        assertThatThrownBy(() -> folder.add(jar)).hasMessageContaining("another version");
        Files.delete(deploy.resolve("a.jar"));
        for (int look = 0; look < 3; look++) folder.look();
        assertThat(running()).hasSize(1);
    }

    @Test
    void a_file_that_was_made_long_ago_replaces_a_younger_one() throws IOException {
        put("a.jar", MadeJar.of("com.acme.filter", "1.0.0"));
        Path old = Files.write(dir.resolve("old.jar"), MadeJar.of("com.acme.filter", "2.0.0"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        Files.move(old, deploy.resolve("a.jar"), StandardCopyOption.REPLACE_EXISTING);
        folder.look();
        folder.look();
        assertThat(running()).containsExactly("com.acme.filter 2.0.0");
    }

    @Test
    void a_folder_that_cannot_be_looked_at_takes_nothing_out() throws IOException {
        put("a.jar", MadeJar.of("com.acme.filter", "1.0.0"));
        Path away = Files.move(deploy, dir.resolve("away"));
        for (int look = 0; look < 3; look++) assertThatThrownBy(folder::look).isInstanceOf(IOException.class);
        assertThat(running()).hasSize(1);
        Files.move(away, deploy);
        folder.look();
        folder.look();
        assertThat(running()).containsExactly("com.acme.filter 1.0.0");
    }

    @Test
    void without_plug_ins_there_need_be_no_folder() throws IOException {
        Files.delete(deploy);
        folder.look();
        folder.look();
        assertThat(running()).isEmpty();
    }

    @Test
    void one_that_needs_another_is_tried_again_when_that_has_come() throws IOException {
        put("a.jar", MadeJar.of("com.acme.a", "1.0.0", "Import-Package", "com.acme.lib"));
        put("b.jar", MadeJar.of("com.acme.b", "1.0.0"));
        folder.look();
        assertThat(running()).containsExactly("com.acme.b 1.0.0");
        put("lib.jar", MadeJar.of("com.acme.lib", "1.0.0", "Export-Package", "com.acme.lib"));
        folder.look();
        assertThat(running()).containsExactlyInAnyOrder("com.acme.a 1.0.0", "com.acme.b 1.0.0", "com.acme.lib 1.0.0");
        put("b.jar", MadeJar.of("com.acme.b", "2.0.0"));
        folder.look();
        assertThat(running()).hasSize(3);
    }

    @Test
    void half_a_jar_is_let_alone_until_it_is_whole() throws IOException {
        byte[] whole = MadeJar.of("com.acme.filter", "1.0.0");
        put("a.jar", Arrays.copyOf(whole, whole.length / 2));
        assertThat(running()).isEmpty();
        put("a.jar", whole);
        assertThat(running()).hasSize(1);
    }

    @Test
    void a_file_still_growing_is_not_looked_into() throws IOException {
        Files.write(deploy.resolve("a.jar"), MadeJar.of("com.acme.filter", "1.0.0"));
        folder.look();
        assertThat(running()).isEmpty();
        folder.look();
        assertThat(running()).hasSize(1);
    }

    @Test
    void garbage_and_jars_that_are_no_bundles_are_left_aside() throws IOException {
        put("garbage.jar", new byte[1000]);
        put("plain.jar", MadeJar.of(null, "1"));
        assertThat(running()).isEmpty();
        assertThatThrownBy(() -> Jar.read(deploy.resolve("garbage.jar"))).hasMessage("it is not a whole jar");
        assertThatThrownBy(() -> Jar.read(deploy.resolve("plain.jar"))).hasMessageContaining("no bundle");
    }

    private void shipped(String symbolicName) throws Exception {
        felix.shipped(symbolicName, MadeJar.of(symbolicName, "1.0.0"));
    }

    @Test
    void a_jar_with_the_name_of_a_part_of_the_server_stands_in_for_it_as_long_as_it_is_there() throws Exception {
        shipped("org.posthorn.filter.size");
        put("mine.jar", MadeJar.of("org.posthorn.filter.size", "1.0.0"));
        assertThat(running()).containsExactly("org.posthorn.filter.size 1.0.0");
        put("mine.jar", MadeJar.of("org.posthorn.filter.size", "9.0.0"));
        assertThat(running()).containsExactly("org.posthorn.filter.size 9.0.0");
        Files.delete(deploy.resolve("mine.jar"));
        folder.look();
        folder.look();
        assertThat(running()).containsExactly("org.posthorn.filter.size 1.0.0");
        assertThat(felix.context().getBundle("feature:org.posthorn:org.posthorn.filter.size:1.0.0"))
                .isNotNull();
        assertThat(felix.context().getBundles()).hasSize(2);
    }

    private void standsIn(String part) throws Exception {
        byte[] mine = Files.readAllBytes(Files.write(deploy.resolve("mine.jar"), MadeJar.of(part, "9.0.0")));
        put("mine.jar", mine);
        assertThat(running()).containsExactly(part + " 9.0.0");
    }

    @Test
    void a_shipped_part_that_does_not_come_back_is_told_of_and_tried_again_and_what_stood_in_for_it_works_on()
            throws Exception {
        String part = "org.posthorn.filter.size";
        shipped(part);
        standsIn(part);
        Path jar = dir.resolve("repository/org/posthorn/" + part + "/1.0.0/" + part + "-1.0.0.jar");
        for (byte[] bad : new byte[][] {new byte[1000], MadeJar.moody(part, "1.0.0", "On-Start", "throws")}) {
            Files.write(jar, bad);
            if (Files.exists(deploy.resolve("mine.jar")))
                assertThatThrownBy(() -> folder.delete("mine.jar"))
                        .isInstanceOf(Unfit.class)
                        .hasMessageContaining("as shipped does not come back");
            for (int look = 0; look < 130; look++) folder.look();
            assertThat(running()).containsExactly(part + " 9.0.0");
        }
        Files.write(jar, MadeJar.of(part, "1.0.0"));
        for (int look = 0; look < 130; look++) folder.look();
        assertThat(running()).containsExactly(part + " 1.0.0");
        assertThat(felix.context().getBundles()).hasSize(2);
    }

    @Test
    void what_stands_in_for_a_shipped_part_that_does_not_come_back_is_stopped_for_it_once() throws Exception {
        String part = "org.posthorn.filter.size";
        shipped(part);
        standsIn(part);
        Path jar = dir.resolve("repository/org/posthorn/" + part + "/1.0.0/" + part + "-1.0.0.jar");
        Files.write(jar, MadeJar.moody(part, "1.0.0", "On-Start", "throws"));
        AtomicInteger stops = new AtomicInteger();
        CountDownLatch gone = new CountDownLatch(1);
        felix.context().addBundleListener(event -> {
            if (event.getBundle().getVersion().getMajor() != 9) return;
            if (event.getType() == BundleEvent.STOPPED) stops.incrementAndGet();
            if (event.getType() == BundleEvent.UNINSTALLED) gone.countDown();
        });
        assertThatThrownBy(() -> folder.delete("mine.jar")).isInstanceOf(Unfit.class);
        for (int look = 0; look < 400; look++) folder.look();
        assertThat(running()).containsExactly(part + " 9.0.0");
        Files.write(jar, MadeJar.of(part, "1.0.0"));
        for (int look = 0; look < 130; look++) folder.look();
        assertThat(running()).containsExactly(part + " 1.0.0");
        // The framework tells of one event behind the other.
        gone.await();
        assertThat(stops).as("for the broken one, and for good").hasValue(2);
    }

    @Test
    void a_second_file_of_the_same_name_and_the_kernel_are_left_aside() throws Exception {
        shipped("org.posthorn.net");
        put("net.jar", MadeJar.of("org.posthorn.net", "2.0.0"));
        put("a.jar", MadeJar.of("com.acme.filter", "1.0.0"));
        put("b.jar", MadeJar.of("com.acme.filter", "1.0.0"));
        assertThat(running()).containsExactly("org.posthorn.net 1.0.0", "com.acme.filter 1.0.0");
    }

    private void drop(String name, byte[] bytes) throws IOException {
        Files.write(deploy.resolve(name), bytes);
    }

    @Test
    void of_files_with_one_symbolic_name_the_highest_version_that_is_fit_runs_and_the_log_tells_of_the_others()
            throws Exception {
        String part = "org.posthorn.filter.size";
        shipped(part);
        drop("a.jar", MadeJar.of(part, "2.0.0"));
        drop("b.jar", MadeJar.moody(part, "9.0.0", "On-Start", "throws"));
        drop("c.jar", MadeJar.of(part, "3.0.0"));
        String log = log(() -> {
            folder.look();
            folder.look();
        });
        assertThat(running()).containsExactly(part + " 3.0.0");
        assertThat(log.lines().filter(l -> l.contains("left aside")).toList())
                .satisfiesExactlyInAnyOrder(
                        l -> assertThat(l).contains("b.jar").contains("no start today"),
                        l -> assertThat(l).contains("a.jar").contains("3.0.0 of deploy/c.jar; this one is 2.0.0"));
        put("d.jar", MadeJar.of(part, "4.0.0"));
        assertThat(running()).containsExactly(part + " 4.0.0");
        put("d.jar", MadeJar.of(part, "2.5.0"));
        folder.look();
        assertThat(running()).as("the other file has the highest again").containsExactly(part + " 3.0.0");
    }

    @Test
    void the_next_best_file_runs_when_the_best_one_goes() throws Exception {
        String part = "org.posthorn.filter.size";
        shipped(part);
        drop("a.jar", MadeJar.of(part, "2.0.0"));
        drop("b.jar", MadeJar.of(part, "3.0.0"));
        for (int look = 0; look < 2; look++) folder.look();
        assertThat(running()).containsExactly(part + " 3.0.0");
        Files.delete(deploy.resolve("b.jar"));
        for (int look = 0; look < 3; look++) folder.look();
        assertThat(running()).containsExactly(part + " 2.0.0");
        assertThat(felix.context().getBundles()).hasSize(2);
    }

    private interface Work {
        void run() throws Exception;
    }

    private static String log(Work work) throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8);
    }

    @Test
    void a_part_is_swapped_at_once_and_the_jar_is_kept_in_the_folder() throws Exception {
        shipped("org.posthorn.filter.size");
        Path jar = Files.write(dir.resolve("new.jar"), MadeJar.of("org.posthorn.filter.size", "2.0.0"));
        folder.add(Jar.read(jar));
        assertThat(running()).containsExactly("org.posthorn.filter.size 2.0.0");
        assertThat(deploy.resolve("new.jar")).hasSameBinaryContentAs(jar);
        long id = felix.context().getBundles()[1].getBundleId();
        folder.look();
        folder.look();
        assertThat(felix.context().getBundle(id).getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(folder.delete("new.jar")).isTrue();
        assertThat(running()).containsExactly("org.posthorn.filter.size 1.0.0");
        assertThat(deploy).isEmptyDirectory();
        assertThat(folder.delete("new.jar")).isFalse();
    }

    @Test
    void a_jar_that_does_not_start_changes_nothing() throws Exception {
        shipped("org.posthorn.filter.size");
        put("mine.jar", MadeJar.of("org.posthorn.filter.size", "2.0.0", "Import-Package", "no.such.code"));
        assertThat(running()).containsExactly("org.posthorn.filter.size 1.0.0");
        assertThat(felix.context().getBundles()).hasSize(2);
    }

    @Test
    void after_a_restart_of_the_folder_what_ran_goes_on_and_what_went_meanwhile_is_taken_out() throws Exception {
        put("a.jar", MadeJar.of("com.acme.a", "1.0.0"));
        put("b.jar", MadeJar.of("com.acme.b", "1.0.0"));
        long before = modified();
        Files.delete(deploy.resolve("b.jar"));
        folder = new Folder(deploy, felix.plugins());
        folder.look();
        folder.look();
        assertThat(running()).containsExactly("com.acme.a 1.0.0");
        assertThat(modified()).isEqualTo(before);
    }

    private long modified() {
        return Arrays.stream(felix.context().getBundles())
                .filter(b -> Deployed.file(b).filter("a.jar"::equals).isPresent())
                .findFirst()
                .orElseThrow()
                .getLastModified();
    }

    @Test
    void what_did_not_start_with_the_server_is_left_aside_and_what_was_shipped_is_back() throws Exception {
        String part = "org.posthorn.filter.size";
        felix.shipped(part, MadeJar.of(part, "1.0.0")).uninstall();
        byte[] bad = MadeJar.moody(part, "2.0.0", "On-Start", "throws");
        Path file = Files.write(deploy.resolve("mine.jar"), bad);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        felix.context().installBundle("deploy:mine.jar#3", new ByteArrayInputStream(bad));
        folder.look();
        folder.look();
        assertThat(running()).containsExactly("org.posthorn.filter.size 1.0.0");
        assertThat(felix.context().getBundles()).hasSize(2);
        assertThat(folder.ready()).isTrue();
    }

    private static final String ROUTING = "org.posthorn.routing";

    /** A restart finds it in the place of the shipped one, with a router that does that. */
    private void resumed(Router router) throws Exception {
        felix.shipped(ROUTING, MadeJar.of(ROUTING, "1.0.0")).uninstall();
        byte[] mine = Files.readAllBytes(Files.write(deploy.resolve("mine.jar"), MadeJar.of(ROUTING, "2.0.0")));
        Bundle bundle = felix.context().installBundle("deploy:mine.jar#3", new ByteArrayInputStream(mine));
        bundle.start();
        bundle.getBundleContext().registerService(Router.class, router, null);
        folder.look();
        folder.look();
    }

    @Test
    void what_is_slow_to_answer_behind_a_restart_stays() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        resumed(address -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Optional.empty();
        });
        end.countDown();
        assertThat(running()).containsExactly("org.posthorn.routing 2.0.0");
    }

    @Test
    void what_keeps_its_contract_no_more_behind_a_restart_goes() throws Exception {
        resumed(address -> {
            throw new IllegalStateException("broken");
        });
        assertThat(running()).containsExactly("org.posthorn.routing 1.0.0");
    }

    private AtomicInteger routing(Consumer<BundleContext> started) throws Exception {
        return routing(felix.swap(), started);
    }

    /** The shipped part offers a router; each bundle of another version that is started is given to that. @return how many there were */
    private AtomicInteger routing(Swap swap, Consumer<BundleContext> started) throws Exception {
        Bundle shipped = felix.shipped(ROUTING, MadeJar.of(ROUTING, "1.0.0"));
        shipped.getBundleContext().registerService(Router.class, address -> Optional.empty(), null);
        AtomicInteger tries = new AtomicInteger();
        felix.context().addBundleListener((SynchronousBundleListener) event -> {
            if (event.getType() != BundleEvent.STARTED || event.getBundle() == shipped) return;
            tries.incrementAndGet();
            started.accept(event.getBundle().getBundleContext());
        });
        swap.trial(Duration.ofMillis(100));
        folder = new Folder(deploy, new Plugins(swap, new Shipped(dir.resolve("repository"))));
        return tries;
    }

    @Test
    void no_start_waits_for_the_trial_of_what_would_replace_a_part_that_runs() throws Exception {
        AtomicBoolean ready = new AtomicBoolean();
        routing(bundle -> ready.set(folder.ready()));
        drop("mine.jar", MadeJar.of(ROUTING, "2.0.0"));
        folder.look();
        assertThat(folder.ready()).isFalse();
        folder.look();
        assertThat(ready).isTrue();
        assertThat(running()).containsExactly("org.posthorn.routing 1.0.0");
    }

    @Test
    void a_start_waits_for_plug_ins_whose_work_nobody_else_does() throws Exception {
        AtomicBoolean ready = new AtomicBoolean(true);
        routing(bundle -> {
            if (bundle.getBundle().getSymbolicName().equals("com.acme.filter")) ready.set(folder.ready());
        });
        drop("a.jar", MadeJar.of(ROUTING, "2.0.0"));
        drop("b.jar", MadeJar.of("com.acme.filter", "1.0.0"));
        for (int look = 0; look < 2; look++) folder.look();
        assertThat(ready).isFalse();
        assertThat(folder.ready()).isTrue();
    }

    @Test
    void what_is_late_once_is_tried_again() throws Exception {
        AtomicBoolean busy = new AtomicBoolean(true);
        AtomicInteger tries = routing(bundle -> {
            if (!busy.get()) bundle.registerService(Router.class, address -> Optional.empty(), null);
        });
        put("mine.jar", MadeJar.of(ROUTING, "2.0.0"));
        assertThat(running()).containsExactly("org.posthorn.routing 1.0.0");
        busy.set(false);
        for (int look = 0; look < 3; look++) folder.look();
        assertThat(tries).hasValue(1);
        folder.look();
        assertThat(running()).containsExactly("org.posthorn.routing 2.0.0");
        for (int look = 0; look < 100; look++) folder.look();
        assertThat(tries).hasValue(2);
    }

    @Test
    void what_is_late_each_time_is_left_aside_until_its_file_is_another_one() throws Exception {
        AtomicInteger tries = routing(bundle -> {});
        put("mine.jar", MadeJar.of(ROUTING, "2.0.0"));
        for (int look = 0; look < 200; look++) folder.look();
        assertThat(running()).containsExactly("org.posthorn.routing 1.0.0");
        assertThat(tries).hasValue(4);
        put("mine.jar", MadeJar.of(ROUTING, "2.0.10"));
        for (int look = 0; look < 200; look++) folder.look();
        assertThat(tries).hasValue(8);
    }

    @Test
    void what_is_late_with_its_start_is_not_started_a_second_time_before_that_returns() throws Exception {
        String release = "posthorn.test.late";
        AtomicInteger starts = new AtomicInteger();
        CountDownLatch gone = new CountDownLatch(1);
        felix.context().addBundleListener((SynchronousBundleListener) event -> {
            if (event.getType() == BundleEvent.STARTING) starts.incrementAndGet();
            if (event.getType() == BundleEvent.UNINSTALLED) gone.countDown();
        });
        try {
            put("a.jar", MadeJar.moody("com.acme.a", "1.0.0", "On-Start", "hangs", "Hangs-Until", release));
            for (int look = 0; look < 30; look++) folder.look();
            assertThat(running()).isEmpty();
            assertThat(starts).hasValue(1);
        } finally {
            Moody.release(release);
        }
        gone.await();
        for (int look = 0; look < 70; look++) folder.look();
        assertThat(running()).containsExactly("com.acme.a 1.0.0");
    }

    @Test
    void what_is_late_on_a_busy_machine_is_tried_once_more_at_once() throws Exception {
        AtomicInteger starts = new AtomicInteger();
        Swap busy = new Swap(felix.context(), NO_COMPONENTS, Duration.ofMinutes(1), () -> true);
        AtomicInteger tries = routing(busy, bundle -> {
            if (starts.incrementAndGet() > 1) bundle.registerService(Router.class, address -> Optional.empty(), null);
        });
        folder.add(Jar.read(Files.write(dir.resolve("new.jar"), MadeJar.of(ROUTING, "2.0.0"))));
        assertThat(running()).containsExactly("org.posthorn.routing 2.0.0");
        assertThat(tries).hasValue(2);
    }

    @Test
    void what_fails_is_not_tried_again() throws Exception {
        AtomicInteger tries = routing(bundle -> bundle.registerService(
                Router.class,
                address -> {
                    throw new IllegalStateException("broken");
                },
                null));
        put("mine.jar", MadeJar.of(ROUTING, "2.0.0"));
        for (int look = 0; look < 200; look++) folder.look();
        assertThat(tries).hasValue(1);
    }

    @Test
    void a_bad_jar_of_another_name_leaves_the_good_one_of_its_file() throws Exception {
        put("a.jar", MadeJar.of("com.acme.a", "1.0.0"));
        put("a.jar", MadeJar.moody("com.acme.b", "1.0.0", "On-Start", "throws"));
        assertThat(running()).containsExactly("com.acme.a 1.0.0");
        put("a.jar", MadeJar.of("com.acme.b", "1.0.0"));
        assertThat(running()).containsExactly("com.acme.b 1.0.0");
    }

    @Test
    void an_older_file_put_back_while_the_server_was_down_counts() throws Exception {
        put("a.jar", MadeJar.of("com.acme.a", "2.0.0"));
        Path older = Files.write(deploy.resolve("a.jar"), MadeJar.of("com.acme.a", "1.0.0"));
        Files.setLastModifiedTime(older, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        folder = new Folder(deploy, felix.plugins());
        folder.look();
        folder.look();
        assertThat(running()).containsExactly("com.acme.a 1.0.0");
    }

    @Test
    void names_that_are_paths_or_nothing_reach_no_file() throws Exception {
        Path victim = Files.write(dir.resolve("victim.jar"), new byte[1]);
        assertThat(folder.delete("../victim.jar")).isFalse();
        assertThat(victim).exists();
        for (String name : List.of("../victim", ";", " ", "a/b")) {
            put("bad.jar", MadeJar.of(name, "1.0.0"));
            assertThatThrownBy(() -> Jar.read(deploy.resolve("bad.jar"))).isInstanceOf(Unfit.class);
        }
        put("good.jar", MadeJar.of("com.acme.a;singleton:=true", "1.0.0"));
        assertThat(running()).containsExactly("com.acme.a 1.0.0");
    }
}
