package org.posthorn.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

class SwapTest {

    @TempDir
    private Path dir;

    private Felix felix;
    private Swap swap;

    @BeforeEach
    void start() throws Exception {
        felix = new Felix(dir);
        swap = felix.swap();
    }

    @AfterEach
    void stop() throws Exception {
        felix.close();
    }

    private Jar jar(byte[] bytes) throws IOException, Unfit {
        return Jar.read(Files.write(dir.resolve("a.jar"), bytes));
    }

    @Test
    void one_that_does_not_stop_is_at_work_again_whatever_the_new_one_does() throws Exception {
        Bundle before = felix.shipped("com.acme.a", MadeJar.moody("com.acme.a", "1.0.0", "On-Stop", "throws"));
        Jar next = jar(MadeJar.moody("com.acme.a", "2.0.0", "On-Stop", "throws"));
        assertThatThrownBy(() -> swap.replace(before, next, "deploy:a.jar#1"))
                .isInstanceOf(Unfit.class)
                .hasMessageContaining("1.0.0 does not stop");
        assertThat(felix.running()).containsExactly("com.acme.a 1.0.0");
    }

    @Test
    void one_that_lacks_a_class_of_its_own_is_not_let_in_though_it_starts() throws Exception {
        Bundle before = felix.shipped("com.acme.a", MadeJar.of("com.acme.a", "1.0.0"));
        Jar next = jar(MadeJar.of(
                "com.acme.a",
                "2.0.0",
                "Bundle-Activator",
                Forgetful.class.getName(),
                "Import-Package",
                "org.osgi.framework"));
        assertThatThrownBy(() -> swap.replace(before, next, "deploy:a.jar#1"))
                .isInstanceOf(Unfit.class)
                .hasMessage("it lacks classes: org.posthorn.deploy.Forgetful$Forgotten, which"
                        + " org.posthorn.deploy.Forgetful names");
        assertThat(felix.running()).containsExactly("com.acme.a 1.0.0");
    }

    @Test
    void the_class_of_a_component_must_be_there() throws Exception {
        ComponentDescriptionDTO component = new ComponentDescriptionDTO();
        component.name = "door";
        component.implementationClass = "com.acme.a.Door";
        Swap swap = new Swap(felix.context(), (ServiceComponentRuntime) Proxy.newProxyInstance(
                SwapTest.class.getClassLoader(),
                new Class<?>[] {ServiceComponentRuntime.class},
                (proxy, method, args) ->
                        method.getName().equals("getComponentDescriptionDTOs") ? List.of(component) : List.of()));
        Bundle before = felix.shipped("com.acme.a", MadeJar.of("com.acme.a", "1.0.0"));
        Jar next = jar(MadeJar.of("com.acme.a", "2.0.0"));
        assertThatThrownBy(() -> swap.replace(before, next, "deploy:a.jar#1"))
                .isInstanceOf(Unfit.class)
                .hasMessageContaining("the class of its component door is missing");
        assertThatThrownBy(() -> new Beside(swap).run("beside:a.jar", next.open()))
                .isInstanceOf(Unfit.class)
                .hasMessageContaining("the class of its component door is missing");
    }

    /** A component of which fails once the other one is gone. */
    private Swap failsBehind(Bundle before) {
        ServiceComponentRuntime components = (ServiceComponentRuntime) Proxy.newProxyInstance(
                SwapTest.class.getClassLoader(),
                new Class<?>[] {ServiceComponentRuntime.class},
                (proxy, method, args) -> {
                    if (before.getState() != Bundle.ACTIVE) throw new IllegalStateException("no good alone");
                    return List.of();
                });
        return new Swap(felix.context(), components);
    }

    @Test
    void what_tells_how_a_swap_went_is_started_again_when_the_new_one_fails_behind_the_answer() throws Exception {
        String shell = "org.posthorn.shell";
        Bundle before = felix.shipped(shell, MadeJar.of(shell, "1.0.0"));
        failsBehind(before).replace(before, jar(MadeJar.of(shell, "2.0.0")), "deploy:shell.jar#1");
        swap.handing().awaitNone(shell, Duration.ofMinutes(1));
        assertThat(felix.running()).containsExactly("org.posthorn.shell 1.0.0");
    }

    @Test
    void two_swaps_of_what_tells_how_they_went_come_one_behind_the_other() throws Exception {
        String shell = "org.posthorn.shell";
        Bundle before = felix.shipped(shell, MadeJar.of(shell, "1.0.0"));
        Bundle second = swap.replace(before, jar(MadeJar.of(shell, "2.0.0")), "deploy:shell.jar#1");
        assertThat(new Plugins(swap, new Shipped(dir)).current(shell)).contains(second);
        swap.replace(second, jar(MadeJar.of(shell, "1.0.0")), before.getLocation());
        swap.handing().awaitNone(shell, Duration.ofMinutes(1));
        assertThat(felix.running()).containsExactly("org.posthorn.shell 1.0.0");
    }

    @Test
    void a_failure_of_the_trial_itself_is_rolled_back() throws Exception {
        Bundle before = felix.shipped("com.acme.a", MadeJar.of("com.acme.a", "1.0.0"));
        Jar next = jar(MadeJar.of("com.acme.a", "2.0.0"));
        Swap blind = new Swap(felix.context(), null);
        assertThatThrownBy(() -> blind.replace(before, next, "deploy:a.jar#1")).isInstanceOf(Unfit.class);
        assertThatThrownBy(() -> blind.relieve(before, before)).isInstanceOf(Unfit.class);
        assertThat(felix.running()).containsExactly("com.acme.a 1.0.0");
        assertThat(felix.context().getBundles()).hasSize(2);
    }

    /** A swap that runs out of memory where it is asked for the so-and-so-manieth time what a bundle is made of. */
    private Swap lacksMemory(int when) {
        AtomicInteger asked = new AtomicInteger();
        ServiceComponentRuntime components = (ServiceComponentRuntime) Proxy.newProxyInstance(
                SwapTest.class.getClassLoader(),
                new Class<?>[] {ServiceComponentRuntime.class},
                (proxy, method, args) -> {
                    if (asked.incrementAndGet() == when) throw new OutOfMemoryError("for a test");
                    return List.of();
                });
        return new Swap(felix.context(), components);
    }

    @Test
    void a_swap_that_lacks_memory_is_rolled_back() throws Exception {
        Bundle before = felix.shipped("com.acme.a", MadeJar.of("com.acme.a", "1.0.0"));
        Jar next = jar(MadeJar.of("com.acme.a", "2.0.0"));
        assertThatThrownBy(() -> lacksMemory(1).replace(before, next, "deploy:a.jar#1"))
                .isInstanceOf(Unfit.class)
                .hasMessageContaining("OutOfMemoryError");
        assertThat(felix.running()).containsExactly("com.acme.a 1.0.0");
        assertThat(felix.context().getBundles()).hasSize(2);
    }

    @Test
    void a_swap_of_a_library_that_lacks_memory_leaves_no_copies() throws Exception {
        Bundle before = felix.shipped("com.acme.lib", library("1.0.0"));
        felix.shipped("com.acme.a", user("com.acme.a", "none"));
        felix.shipped("com.acme.b", user("com.acme.b", "none"));
        Jar next = jar(library("2.0.0"));
        // Each bundle is asked of twice: beside the one before, and alone.
        assertThatThrownBy(() -> lacksMemory(3).replace(before, next, "deploy:lib.jar#1"))
                .isInstanceOf(Unfit.class);
        assertThat(felix.running())
                .containsExactlyInAnyOrder("com.acme.lib 1.0.0", "com.acme.a 1.0.0", "com.acme.b 1.0.0");
        assertThat(felix.context().getBundles()).hasSize(4);
    }

    @Test
    void a_hand_over_that_gets_no_thread_is_none_that_another_would_wait_for() throws Exception {
        String shell = "org.posthorn.shell";
        Bundle before = felix.shipped(shell, MadeJar.of(shell, "1.0.0"));
        Jar jar = jar(MadeJar.of(shell, "2.0.0"));
        Bundle next = swap.install(jar.open(), "deploy:shell.jar#1");
        HandOver handOver = new HandOver(swap, before, next, task -> {
            throw new OutOfMemoryError("unable to create a thread");
        });
        assertThatThrownBy(() -> handOver.begin(jar, Set.of())).isInstanceOf(OutOfMemoryError.class);
        assertThat(swap.handedOver(before)).isFalse();
    }

    @Test
    void a_library_stays_when_a_user_of_it_does_not_come_back_and_a_copy_of_that_goes_on() throws Exception {
        Bundle before = felix.shipped("com.acme.lib", library("1.0.0"));
        felix.shipped("com.acme.a", user("com.acme.a", "2.0.0"));
        felix.shipped("com.acme.b", user("com.acme.b", "none"));
        swap.replace(before, jar(library("2.0.0")), "deploy:lib.jar#1");
        assertThat(running())
                .containsExactlyInAnyOrder(
                        "com.acme.lib deploy:lib.jar#1",
                        "com.acme.a copy:com.acme.a#2",
                        "com.acme.b feature:org.posthorn:com.acme.b:1.0.0");
        Bundle second = felix.context().getBundle("deploy:lib.jar#1");
        swap.replace(second, jar(library("3.0.0")), "deploy:lib.jar#2");
        assertThat(running())
                .as("the copy of the copy comes back to it")
                .containsExactlyInAnyOrder(
                        "com.acme.lib deploy:lib.jar#2",
                        "com.acme.a copy:com.acme.a#2",
                        "com.acme.b feature:org.posthorn:com.acme.b:1.0.0");
    }

    @Test
    void the_copy_of_one_that_runs_beside_runs_beside() throws Exception {
        Bundle before = felix.shipped("com.acme.lib", library("1.0.0"));
        felix.context()
                .installBundle("beside:a.jar#2", new ByteArrayInputStream(user("com.acme.a", "2.0.0")))
                .start();
        swap.replace(before, jar(library("2.0.0")), "deploy:lib.jar#1");
        assertThat(running())
                .containsExactlyInAnyOrder("com.acme.lib deploy:lib.jar#1", "com.acme.a beside:copy/com.acme.a#2");
        Bundle copy = felix.context().getBundle("beside:copy/com.acme.a#2");
        assertThat(LibrarySwap.isCopy(copy)).isTrue();
        assertThat(Beside.file(copy)).as("a file of the folder").isEmpty();
    }

    private static byte[] library(String version) throws IOException {
        return MadeJar.of("com.acme.lib", version, "Export-Package", "com.acme.lib");
    }

    private static byte[] user(String symbolicName, String notWith) throws IOException {
        return MadeJar.moody(symbolicName, "1.0.0", "Import-Package", "com.acme.lib", "Not-With", notWith);
    }

    private List<String> running() {
        return Arrays.stream(felix.context().getBundles())
                .filter(b -> b.getBundleId() > 0 && b.getState() == Bundle.ACTIVE)
                .map(b -> b.getSymbolicName() + " " + b.getLocation())
                .toList();
    }

    @Test
    void nobody_waits_for_a_start_that_does_not_return_and_the_bundle_goes_when_it_does() throws Exception {
        String release = "posthorn.test." + dir.getFileName();
        Bundle before = felix.shipped("com.acme.a", MadeJar.of("com.acme.a", "1.0.0"));
        Jar next = jar(MadeJar.moody("com.acme.a", "2.0.0", "On-Start", "hangs", "Hangs-Until", release));
        CountDownLatch gone = gone("deploy:a.jar#1");
        try {
            assertThatThrownBy(() -> swap.replace(before, next, "deploy:a.jar#1"))
                    .isInstanceOf(Unfit.class)
                    .hasMessageContaining("\"deploy-start com.acme.a 2.0.0\"");
            Bundle hangs = felix.context().getBundle("deploy:a.jar#1");
            assertThat(hangs.adapt(BundleStartLevel.class).isPersistentlyStarted())
                    .isFalse();
            Bundle third = swap.replace(before, jar(MadeJar.of("com.acme.a", "3.0.0")), "deploy:a.jar#2");
            assertThat(third.adapt(BundleStartLevel.class).isPersistentlyStarted())
                    .isTrue();
            assertThat(felix.running()).containsExactly("com.acme.a 3.0.0");
        } finally {
            Moody.release(release);
        }
        assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
    }

    private CountDownLatch gone(String location) {
        CountDownLatch gone = new CountDownLatch(1);
        felix.context().addBundleListener(event -> {
            if (event.getType() == BundleEvent.UNINSTALLED
                    && event.getBundle().getLocation().equals(location)) gone.countDown();
        });
        return gone;
    }

    @Test
    void a_new_one_that_is_no_good_and_whose_stop_does_not_return_keeps_the_old_one_from_nothing() throws Exception {
        String release = "posthorn.test." + dir.getFileName();
        Bundle before = felix.shipped("com.acme.a", MadeJar.of("com.acme.a", "1.0.0"));
        Jar next = jar(MadeJar.moody("com.acme.a", "2.0.0", "On-Stop", "hangs", "Hangs-Until", release));
        CountDownLatch gone = gone("deploy:a.jar#1");
        Swap blind = new Swap(felix.context(), null);
        try {
            assertThatThrownBy(() -> blind.replace(before, next, "deploy:a.jar#1"))
                    .isInstanceOf(Unfit.class);
            assertThat(felix.running()).containsExactly("com.acme.a 1.0.0");
            swap.replace(before, jar(MadeJar.of("com.acme.a", "3.0.0")), "deploy:a.jar#2");
            assertThat(felix.running()).containsExactly("com.acme.a 3.0.0");
        } finally {
            Moody.release(release);
        }
        assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void one_whose_stop_does_not_return_is_left_to_itself_and_the_new_one_stays() throws Exception {
        String release = "posthorn.test." + dir.getFileName();
        Swap hasty = new Swap(felix.context(), FolderTest.NO_COMPONENTS, Duration.ofMillis(100), () -> false);
        Bundle first = felix.shipped("com.acme.a", MadeJar.of("com.acme.a", "1.0.0"));
        Jar hangs = jar(MadeJar.moody("com.acme.a", "2.0.0", "On-Stop", "hangs", "Hangs-Until", release));
        Bundle before = hasty.replace(first, hangs, "deploy:a.jar#1");
        CountDownLatch gone = gone("deploy:a.jar#1");
        try {
            Bundle next = hasty.replace(before, jar(MadeJar.of("com.acme.a", "3.0.0")), "deploy:a.jar#2");
            assertThat(felix.running()).containsExactly("com.acme.a 3.0.0");
            assertThat(hasty.stuck(before)).isTrue();
            hasty.replace(next, jar(MadeJar.of("com.acme.a", "4.0.0")), "deploy:a.jar#3");
            assertThat(felix.running()).containsExactly("com.acme.a 4.0.0");
        } finally {
            Moody.release(release);
        }
        assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_library_stays_when_the_stop_of_a_user_of_it_does_not_return_and_copies_go_on() throws Exception {
        String release = "posthorn.test." + dir.getFileName();
        Swap hasty = new Swap(felix.context(), FolderTest.NO_COMPONENTS, Duration.ofMillis(100), () -> false);
        Bundle before = felix.shipped("com.acme.lib", library("1.0.0"));
        String[] hangs = {"Import-Package", "com.acme.lib", "On-Stop", "hangs", "Hangs-Until", release};
        felix.shipped("com.acme.a", MadeJar.moody("com.acme.a", "1.0.0", hangs));
        CountDownLatch gone = gone("feature:org.posthorn:com.acme.a:1.0.0");
        try {
            hasty.replace(before, jar(library("2.0.0")), "deploy:lib.jar#1");
            assertThat(running())
                    .containsExactlyInAnyOrder("com.acme.lib deploy:lib.jar#1", "com.acme.a copy:com.acme.a#2");
        } finally {
            Moody.release(release);
        }
        assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
    }
}
