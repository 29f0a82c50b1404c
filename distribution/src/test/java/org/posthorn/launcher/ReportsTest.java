package org.posthorn.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
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
import org.posthorn.api.start.StartProblem;
import org.posthorn.api.start.StartReport;

class ReportsTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final StartReport READY = () -> true;

    private static final StartReport IN_TROUBLE = new StartReport() {
        @Override
        public boolean ready() {
            return true;
        }

        @Override
        public List<StartProblem> problems() {
            return List.of(new StartProblem(StartProblem.Cause.DATA, "it cannot be opened"));
        }
    };

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
        return reporting(symbolicName, location, "eager");
    }

    /** @param policy with {@code lazy} it starts, and does not end with that */
    private Bundle reporting(String symbolicName, String location, String policy) throws Exception {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        main.putValue(Constants.BUNDLE_SYMBOLICNAME, symbolicName);
        main.putValue(
                Constants.PROVIDE_CAPABILITY,
                "osgi.service;objectClass:List<String>=\"" + StartReport.class.getName() + "\"");
        if (policy.equals("lazy")) main.putValue(Constants.BUNDLE_ACTIVATIONPOLICY, policy);
        ByteArrayOutputStream jar = new ByteArrayOutputStream();
        new JarOutputStream(jar, manifest).close();
        Bundle bundle =
                framework.getBundleContext().installBundle(location, new ByteArrayInputStream(jar.toByteArray()));
        bundle.start(Bundle.START_ACTIVATION_POLICY);
        return bundle;
    }

    @Test
    void nobody_waits_for_a_jar_of_the_folder_that_hangs_in_its_start() throws Exception {
        Bundle hangs = reporting("org.posthorn.a", "deploy:a.jar#1", "lazy");
        assertThat(hangs.getState()).isEqualTo(Bundle.STARTING);
        assertThat(new Reports(framework.getBundleContext()).await(LONG)).isEmpty();
    }

    @Test
    void nobody_waits_for_a_jar_of_the_folder_that_hangs_behind_its_activator() throws Exception {
        Bundle hangs = reporting("org.posthorn.a", "deploy:a.jar#1");
        hangs.stop();
        hangs.start(Bundle.START_TRANSIENT);
        assertThat(hangs.getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(new Reports(framework.getBundleContext()).await(LONG)).isEmpty();
    }

    private static void report(Bundle bundle, StartReport report) {
        bundle.getBundleContext().registerService(StartReport.class, report, null);
    }

    private interface Swap {
        void run() throws Exception;
    }

    /** Does one of these at each look and is ready then: as the folder of plug-ins does what lies in it. */
    private void deploys(Swap... swaps) throws Exception {
        Iterator<Swap> left = List.of(swaps).iterator();
        report(reporting("deploy", "feature:deploy"), () -> {
            if (!left.hasNext()) return true;
            try {
                left.next().run();
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
    void who_is_waited_for_is_told_once_and_only_when_it_takes_long() throws Exception {
        List<List<String>> told = new ArrayList<>();
        Duration brief = Duration.ofMillis(50);
        report(reporting("b", "feature:b"), READY);
        Reports reports = new Reports(framework.getBundleContext());
        assertThat(reports.await(LONG, LONG, told::add)).isEmpty();
        assertThat(told).isEmpty();
        Bundle late = reporting("a", "feature:a");
        assertThat(reports.await(LONG, brief, missing -> {
                    told.add(missing);
                    report(late, READY);
                }))
                .isEmpty();
        assertThat(told).containsExactly(List.of("a"));
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

    @Test
    void trouble_ends_a_start_at_once_when_it_is_that_of_a_shipped_part() throws Exception {
        report(reporting("a", "deploy:a.jar#1"), IN_TROUBLE);
        Reports reports = new Reports(framework.getBundleContext());
        assertThat(reports.shippedProblems()).isEmpty();
        report(reporting("b", "feature:b"), IN_TROUBLE);
        assertThat(reports.shippedProblems()).extracting(Reports.Problem::line).containsExactly("it cannot be opened");
        assertThat(reports.problems()).hasSize(2);
    }

    @Test
    void a_jar_that_is_in_trouble_and_taken_out_for_it_ends_no_start() throws Exception {
        Bundle unfit = reporting("a", "deploy:a.jar#1");
        report(unfit, IN_TROUBLE);
        Reports reports = new Reports(framework.getBundleContext());
        List<Integer> seen = new ArrayList<>();
        deploys(
                () -> seen.add(reports.problems().size()),
                () -> seen.add(reports.problems().size()),
                unfit::uninstall);
        assertThat(reports.await(LONG)).isEmpty();
        assertThat(reports.problems()).isEmpty();
        assertThat(seen).containsExactly(1, 1);
    }
}
