package org.posthorn.itests.container;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.BundleWiring;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.UserRegistry;
import org.posthorn.testkit.Script;
import org.posthorn.testkit.TcpLine;

/** A part of the server is put in the place of another by the command, and taken out again when it is no good. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class SwapIT {

    private static final String NAME = "org.posthorn.filter.size";
    private static final String PASS = "return Verdict.PASS;";

    private static boolean prepared;

    @Inject
    private BundleContext context;

    @Inject
    private UserRegistry registry;

    @Configuration
    public Option[] configuration() {
        return Dist.options(SwapIT.class);
    }

    @Before
    public void prepare() throws Exception {
        FrameworkStartLevel level =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkStartLevel.class);
        while (level.getStartLevel() < Dist.START_LEVEL) Thread.onSpinWait();
        if (prepared) return;
        registry.addDomain("example.test");
        registry.addUser(Address.of("alice@example.test"), "secret");
        prepared = true;
    }

    @After
    public void shippedIsBack() throws Exception {
        if (!versions().equals(List.of(shipped()))) bundle("back", NAME);
    }

    private Object bundle(String command, String... words) throws Exception {
        return Command.run(context, "bundle", command, words);
    }

    private List<String> versions() {
        return Arrays.stream(context.getBundles())
                .filter(b -> b.getSymbolicName().equals(NAME) && b.getState() == Bundle.ACTIVE)
                .map(b -> b.getVersion().toString())
                .toList();
    }

    private static String shipped() throws IOException {
        Path versions = Path.of(System.getProperty("posthorn.home"), "repository/org/posthorn", NAME);
        try (var all = Files.list(versions)) {
            return all.findFirst().orElseThrow().getFileName().toString();
        }
    }

    private static TcpLine client() throws IOException {
        TcpLine line = TcpLine.to(2525 + Integer.getInteger("posthorn.port.offset"));
        Script.of("S: 220 {*}\nC: EHLO client.test\nS+ 250 {*}\n").run(line);
        return line;
    }

    private static void send(TcpLine line, String answer) throws IOException {
        Script.of("""
                C: MAIL FROM:<a@sender.test>
                S: 250 {*}
                C: RCPT TO:<alice@example.test>
                S: 250 {*}
                C: DATA
                S: 354 {*}
                C: Subject: swapped
                C:
                C: hello.
                C: .
                S: %s
                """.formatted(answer)).run(line);
    }

    @Test
    public void a_client_goes_on_with_the_new_version_and_then_with_the_old_one() throws Exception {
        try (TcpLine line = client()) {
            send(line, "250 {*}");
            bundle(
                    "swap",
                    NAME,
                    MadeFilter.jar("9.0.0", "", "return Verdict.refuse(\"new\");")
                            .toString());
            assertEquals(List.of("9.0.0"), versions());
            send(line, "550 {*}new");
            bundle("back", NAME);
            assertEquals(List.of(shipped()), versions());
            send(line, "250 {*}");
        }
    }

    /** Such a one is gone within a second, and the old one has never left. */
    private void isRefused(Path jar, String why) throws Exception {
        try (TcpLine line = client()) {
            long begin = System.nanoTime();
            Exception refusal =
                    assertThrows(IllegalArgumentException.class, () -> bundle("swap", NAME, jar.toString()));
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            System.out.println("taken out again after " + millis + " ms: " + refusal.getMessage());
            assertTrue(refusal.getMessage(), refusal.getMessage().contains(why));
            assertEquals(List.of(shipped()), versions());
            send(line, "250 {*}");
        }
    }

    @Test
    public void one_that_throws_while_it_starts_is_taken_out_again() throws Exception {
        isRefused(MadeFilter.jar("9.0.1", "throw new IllegalStateException(\"no good\");", PASS), "no good");
    }

    @Test
    public void one_that_breaks_its_contract_is_taken_out_again() throws Exception {
        isRefused(MadeFilter.jar("9.0.2", "", "return null;"), "it says nothing");
        isRefused(MadeFilter.jar("9.0.3", "", "throw new IllegalStateException(\"broken\");"), "broken");
    }

    @Test
    public void one_that_gives_no_answer_is_taken_out_again() throws Exception {
        String hangs =
                "synchronized (this) { while (true) try { wait(); } catch (InterruptedException e) { return null; } }";
        isRefused(MadeFilter.jar("9.0.4", "", hangs), "gives no answer");
    }

    @Test
    public void it_does_not_wait_for_a_client_that_is_sending_a_mail() throws Exception {
        try (TcpLine line = client()) {
            Script.of("""
                    C: MAIL FROM:<a@sender.test>
                    S: 250 {*}
                    C: RCPT TO:<alice@example.test>
                    S: 250 {*}
                    C: DATA
                    S: 354 {*}
                    C: Subject: slow
                    """).run(line);
            bundle(
                    "swap",
                    NAME,
                    MadeFilter.jar("9.0.7", "", "return Verdict.refuse(\"new\");")
                            .toString());
            assertEquals(List.of("9.0.7"), versions());
            Script.of("C:\nC: .\nS: 550 {*}new\n").run(line);
        }
    }

    /** It hangs when it is tried, and refuses whatever else it gets to see meanwhile. */
    @Test
    public void one_that_is_on_trial_sees_no_mail_whatever_its_ranking() throws Exception {
        String tried = "posthorn.test.tried";
        Path jar = MadeFilter.jar("9.0.6", "", """
                String subject = mail.message().header().toString();
                if (!subject.contains("A trial")) return Verdict.refuse("it has come to me");
                System.setProperty("%s", "now");
                try { new java.util.concurrent.CountDownLatch(1).await(); } catch (InterruptedException e) { throw new IllegalStateException(e); }
                return Verdict.PASS;
                """.formatted(tried));
        try (TcpLine line = client()) {
            CompletableFuture<Void> swap = CompletableFuture.runAsync(
                    () -> assertThrows(IllegalArgumentException.class, () -> bundle("swap", NAME, jar.toString())));
            while (System.getProperty(tried) == null && !swap.isDone()) Thread.onSpinWait();
            while (!swap.isDone()) send(line, "250 {*}");
            swap.get();
            assertEquals("now", System.getProperty(tried));
        }
    }

    /** The exception knows the classes that it passed through. */
    @Test
    public void the_classes_of_one_that_has_logged_an_exception_are_let_go_of_when_it_goes() throws Exception {
        WeakReference<ClassLoader> loader = logs("9.0.8");
        bundle("back", NAME);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (loader.get() != null && System.nanoTime() < end) {
            System.gc();
            System.runFinalization();
        }
        assertNull("what has its classes yet", loader.get());
    }

    private WeakReference<ClassLoader> logs(String version) throws Exception {
        Path jar = MadeFilter.jar(version, "", """
                java.util.logging.Logger.getLogger("made").log(java.util.logging.Level.SEVERE, "a test", new Exception());
                return Verdict.PASS;
                """);
        bundle("swap", NAME, jar.toString());
        return Arrays.stream(context.getBundles())
                .filter(b -> b.getSymbolicName().equals(NAME)
                        && b.getVersion().toString().equals(version))
                .map(b -> new WeakReference<>(b.adapt(BundleWiring.class).getClassLoader()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    public void a_jar_of_another_name_and_the_kernel_are_refused() throws Exception {
        Path jar = MadeFilter.jar("9.0.5", "", PASS);
        assertThrows(IllegalArgumentException.class, () -> bundle("swap", "org.posthorn.imap", jar.toString()));
        assertThrows(IllegalArgumentException.class, () -> bundle("back", "org.posthorn.imap"));
        assertEquals(List.of(shipped()), versions());
    }
}
