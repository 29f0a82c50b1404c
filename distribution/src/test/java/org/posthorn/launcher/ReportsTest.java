package org.posthorn.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
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
import org.posthorn.api.start.StartReport;

class ReportsTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final StartReport READY = () -> true;

    @TempDir
    Path scratch;

    private Framework framework;

    @BeforeEach
    void open() throws Exception {
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        scratch.resolve("cache").toString(),
                        Constants.FRAMEWORK_BSNVERSION,
                        Constants.FRAMEWORK_BSNVERSION_MULTIPLE));
        framework.start();
    }

    @AfterEach
    void close() throws Exception {
        framework.stop();
        framework.waitForStop(0);
    }

    private Bundle reporting(String symbolicName, String location) throws Exception {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        main.putValue(Constants.BUNDLE_SYMBOLICNAME, symbolicName);
        main.putValue(
                Constants.PROVIDE_CAPABILITY,
                "osgi.service;objectClass:List<String>=\"" + StartReport.class.getName() + "\"");
        ByteArrayOutputStream jar = new ByteArrayOutputStream();
        new JarOutputStream(jar, manifest).close();
        Bundle bundle =
                framework.getBundleContext().installBundle(location, new ByteArrayInputStream(jar.toByteArray()));
        bundle.start();
        return bundle;
    }

    private static void report(Bundle bundle, StartReport report) {
        bundle.getBundleContext().registerService(StartReport.class, report, null);
    }

    private interface Swap {
        void run() throws Exception;
    }

    /** Is ready when it has done that, at the first look: as the folder of plug-ins does what lies in it. */
    private void deploys(Swap swap) throws Exception {
        AtomicReference<Swap> left = new AtomicReference<>(swap);
        report(reporting("deploy", "feature:deploy"), () -> {
            Swap now = left.getAndSet(null);
            if (now == null) return true;
            try {
                now.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            return false;
        });
    }

    @Test
    void a_bundle_that_does_not_report_is_named() throws Exception {
        reporting("a", "feature:a");
        report(reporting("b", "feature:b"), READY);
        assertThat(new Reports(framework.getBundleContext()).await(Duration.ofMillis(50)))
                .containsExactly("a");
    }

    @Test
    void a_jar_that_takes_the_place_of_a_bundle_meanwhile_reports_for_it() throws Exception {
        Bundle shipped = reporting("a", "feature:a");
        deploys(() -> {
            report(reporting("a", "deploy:a.jar#1"), READY);
            shipped.uninstall();
        });
        assertThat(new Reports(framework.getBundleContext()).await(LONG)).isEmpty();
    }

    @Test
    void nobody_waits_for_one_that_was_taken_out_meanwhile() throws Exception {
        Bundle unfit = reporting("a", "deploy:a.jar#1");
        deploys(unfit::uninstall);
        assertThat(new Reports(framework.getBundleContext()).await(LONG)).isEmpty();
    }
}
