package org.posthorn.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.posthorn.api.lease.Probation;

/** What the launcher could not wait for; it has started what was shipped instead. */
@Timeout(60)
class RestartTest {

    private static final String PART = "org.posthorn.filter.size";

    @TempDir
    private Path dir;

    private Felix felix;
    private Swap swap;
    private Folder folder;
    private String release;

    private final CountDownLatch gone = new CountDownLatch(1);

    @BeforeEach
    void start() throws Exception {
        release = "posthorn.test." + dir.getFileName();
        Files.createDirectory(dir.resolve("deploy"));
        felix = new Felix(dir);
        swap = felix.swap();
        folder = new Folder(dir.resolve("deploy"), new Plugins(swap, new Shipped(dir.resolve("repository"))));
        felix.shipped(PART, MadeJar.of(PART, "1.0.0"));
    }

    @AfterEach
    void stop() throws Exception {
        Moody.release(release);
        felix.close();
    }

    private Bundle deployed(byte[] bytes) throws Exception {
        Files.write(dir.resolve("deploy/mine.jar"), bytes);
        return felix.context().installBundle("deploy:mine.jar#7", new ByteArrayInputStream(bytes));
    }

    /** As the launcher starts one. */
    private void begin(Bundle bundle) {
        Thread start = new Thread(() -> {
            try {
                Step.startPatiently(bundle, Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        start.setDaemon(true);
        start.start();
    }

    private void await(Bundle bundle, int event, CountDownLatch met) {
        felix.context().addBundleListener((SynchronousBundleListener) e -> {
            if (e.getType() == event && e.getBundle() == bundle) met.countDown();
        });
    }

    private String log(int looks) throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            for (int look = 0; look < looks; look++) folder.lookSafely();
        } finally {
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8);
    }

    @Test
    void nobody_waits_for_one_that_hangs_in_its_start_and_it_is_tried_anew_when_that_returns() throws Exception {
        Bundle hangs = deployed(MadeJar.moody(PART, "2.0.0", "On-Start", "hangs", "Hangs-Until", release));
        CountDownLatch begun = new CountDownLatch(1);
        await(hangs, BundleEvent.STARTING, begun);
        await(hangs, BundleEvent.UNINSTALLED, gone);
        begin(hangs);
        begun.await();
        assertThat(log(2))
                .contains("mine.jar did not start with the server")
                .contains("its start has not returned yet, and it is not started a second time");
        assertThat(folder.ready()).isTrue();
        assertThat(felix.running()).containsExactly(PART + " 1.0.0");
        assertThat(swap.stuck(hangs)).isTrue();
        assertThat(Probation.has(hangs.getBundleId())).isTrue();
        Moody.release(release);
        gone.await();
        log(70);
        assertThat(felix.running()).containsExactly(PART + " 2.0.0");
        assertThat(swap.stuck(hangs)).isFalse();
    }

    @Test
    void one_that_was_stopped_since_it_hung_is_tried_beside_what_was_shipped() throws Exception {
        deployed(MadeJar.moody(PART, "2.0.0", "On-Start", "throws"));
        Bundle shipped = felix.context().getBundle("feature:org.posthorn:" + PART + ":1.0.0");
        log(2);
        assertThat(shipped.getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(felix.context().getBundles()).hasSize(2);
    }

    @Test
    void one_that_came_up_when_nobody_waited_any_more_is_tried_anew() throws Exception {
        Bundle late = deployed(MadeJar.of(PART, "2.0.0"));
        CountDownLatch started = new CountDownLatch(1);
        await(late, BundleEvent.STARTED, started);
        await(late, BundleEvent.UNINSTALLED, gone);
        begin(late);
        started.await();
        log(2);
        gone.await();
        assertThat(felix.running()).containsExactly(PART + " 2.0.0");
        assertThat(felix.context().getBundles()).hasSize(2);
    }
}
