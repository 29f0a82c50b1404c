package org.posthorn.itests.container;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
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
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.service.cm.ConfigurationAdmin;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.UserRegistry;
import org.posthorn.testkit.Script;
import org.posthorn.testkit.TcpLine;

/** From the socket to the shelf and back, in the real Felix with what ships. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class WayOfAMailIT {

    private static boolean prepared;

    @Inject
    private BundleContext context;

    @Inject
    private UserRegistry registry;

    @Inject
    private ConfigurationAdmin configurations;

    @Configuration
    public Option[] configuration() {
        return Dist.options(WayOfAMailIT.class);
    }

    @Before
    public void prepare() throws Exception {
        if (prepared) return;
        awaitStartLevel();
        registry.addDomain("example.test");
        registry.addUser(Address.of("alice@example.test"), "secret");
        prepared = true;
    }

    private void awaitStartLevel() throws InterruptedException {
        Bundle framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
        FrameworkStartLevel level = framework.adapt(FrameworkStartLevel.class);
        while (level.getStartLevel() < Dist.START_LEVEL) Thread.onSpinWait();
    }

    private int port(int standard) {
        return standard + Integer.getInteger("posthorn.port.offset");
    }

    private void talk(int standard, String script) throws IOException {
        try (TcpLine line = TcpLine.to(port(standard))) {
            Script.of(script).run(line);
        }
    }

    @Test
    public void every_bundle_that_is_to_run_runs() {
        List<String> idle = Arrays.stream(context.getBundles())
                .filter(b -> b.getHeaders().get(Constants.FRAGMENT_HOST) == null)
                .filter(b -> b.getState() != Bundle.ACTIVE)
                .filter(b ->
                        b.getBundleId() == 0 || b.adapt(BundleStartLevel.class).getStartLevel() <= Dist.START_LEVEL)
                .map(Bundle::getSymbolicName)
                .toList();
        assertEquals(List.of(), idle);
    }

    @Test
    public void a_mail_comes_in_by_smtp_and_is_read_by_imap_and_pop3() throws IOException {
        talk(2525, send("way@sender.test", "alice@example.test", "the way of a mail", "250 2.0.0 {*}"));
        String uid = awaitUid("alice@example.test", "secret", "the way of a mail");
        try (TcpLine line = TcpLine.to(port(2143))) {
            Script.of("""
                    S: * OK {*}
                    C: a LOGIN alice@example.test secret
                    S+ a OK {*}
                    C: b SELECT INBOX
                    S+ b OK {*}
                    C: e UID FETCH ${uid} BODY.PEEK[TEXT]
                    S: * {*} FETCH ({*}{8}
                    S: hello.
                    S: {*})
                    S: e OK {*}
                    C: f LOGOUT
                    S+ f OK {*}
                    """).with("uid", uid).run(line);
        }
        talk(2110, """
                S: +OK {*}
                C: USER alice@example.test
                S: +OK{*}
                C: PASS secret
                S: +OK{*}
                C: RETR 1
                S: +OK{*}
                S+ Subject: the way of a mail
                S+ hello.
                S: .
                C: QUIT
                S: +OK{*}
                """);
    }

    @Test
    public void what_a_user_sends_is_in_sent_once_with_what_his_client_says_of_it() throws Exception {
        registry.addUser(Address.of("sue@example.test"), "secret");
        try (TcpLine mail = TcpLine.tlsTo(port(2465));
                TcpLine box = TcpLine.to(port(2143))) {
            Script.of("""
                    S: * OK {*}
                    C: a LOGIN sue@example.test secret
                    S+ a OK {*}
                    C: b STATUS Sent (MESSAGES UIDNEXT)
                    S: * STATUS Sent (MESSAGES 0 UIDNEXT 1)
                    S: b OK {*}
                    """).run(box);
            submit(mail);
            Script.of("""
                    C: c SELECT Sent
                    S+ * 1 EXISTS
                    S+ c OK {*}
                    C: d UID FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])
                    S: * 1 FETCH (UID 1 FLAGS (\\Seen{*}
                    S: Subject: hello
                    S:
                    S: )
                    S: d OK {*}
                    C: e APPEND Sent (\\Seen \\Answered) {170+}
                    C: Date: Sun, 29 Nov 2026 12:00:00 +0100
                    C: Message-ID: <sent-once@example.test>
                    C: From: sue@example.test
                    C: To: alice@example.test
                    C: Bcc: bob@example.test
                    C: Subject: hello
                    C:
                    C: hi
                    C:
                    S: * 1 EXPUNGE
                    S: * 1 EXISTS
                    S+ e OK [APPENDUID {*} 2] Appended
                    C: f UID FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (BCC)])
                    S: * 1 FETCH (UID 2 FLAGS (\\Answered \\Seen{*}
                    S: Bcc: bob@example.test
                    S:
                    S: )
                    S: f OK {*}
                    """).run(box);
        }
    }

    private void submit(TcpLine mail) throws IOException {
        Script.of("""
                S: 220 {*}
                C: EHLO client.test
                S+ 250 {*}
                C: AUTH PLAIN AHN1ZUBleGFtcGxlLnRlc3QAc2VjcmV0
                S: 235 {*}
                C: MAIL FROM:<sue@example.test>
                S: 250 {*}
                C: RCPT TO:<alice@example.test>
                S: 250 {*}
                C: DATA
                S: 354 {*}
                C: Date: Sun, 29 Nov 2026 12:00:00 +0100
                C: Message-ID: <sent-once@example.test>
                C: From: sue@example.test
                C: To: alice@example.test
                C: Subject: hello
                C:
                C: hi
                C: .
                S: 250 2.0.0 {*}
                """).run(mail);
    }

    /** Delivery follows the reply: asks until the mail is there. */
    private String awaitUid(String user, String password, String subject) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        try (TcpLine line = TcpLine.to(port(2143))) {
            Script.of("S: * OK {*}\nC: a LOGIN " + user + " " + password
                            + "\nS+ a OK {*}\nC: b SELECT INBOX\nS+ b OK {*}")
                    .run(line);
            while (System.nanoTime() < end) {
                Script search = Script.of("C: d UID SEARCH SUBJECT \"" + subject + "\"\nS+ * SEARCH{uid}\nS+ d OK {*}");
                search.run(line);
                if (!search.known("uid").isBlank()) return search.known("uid").strip();
            }
        }
        throw new AssertionError("the mail does not come");
    }

    private static String send(String from, String to, String subject, String answer) {
        return """
                S: 220 {*}
                C: EHLO client.test
                S+ 250 {*}
                C: MAIL FROM:<%s>
                S~ 250.*|451.*
                C: RCPT TO:<%s>
                S~ .*
                C: DATA
                S~ .*
                C: Subject: %s
                C:
                C: hello.
                C: .
                S: %s
                C: QUIT
                """.formatted(from, to, subject, answer);
    }

    @Test
    public void strangers_do_not_relay() throws IOException {
        talk(2525, """
                S: 220 {*}
                C: EHLO client.test
                S+ 250 {*}
                C: MAIL FROM:<a@sender.test>
                S: 250 {*}
                C: RCPT TO:<b@elsewhere.test>
                S: 550 5.7.1 {*}
                C: RCPT TO:<nobody@example.test>
                S: 550 5.1.1 {*}
                C: RCPT TO:<postmaster@example.test>
                S: 250 {*}
                C: QUIT
                S: 221 {*}
                """);
    }

    @Test
    public void a_filter_dropped_into_deploy_judges_and_its_removal_is_never_a_pass() throws Exception {
        Path config = Path.of(System.getProperty("posthorn.config"), "org.posthorn.intake.cfg");
        String before = Files.readString(config);
        Told settings = new Told(context, configurations);
        Path plugin = Path.of(System.getProperty("posthorn.home"), "deploy/example.jar");
        try {
            settings.write("org.posthorn.intake", "filters = size, example\ngrace = 1\n");
            talk(2525, mailAnswered("451 4.3.5 {*}"));
            served(
                    "(name=example)",
                    () -> Files.copy(
                            Path.of(System.getProperty("posthorn.example")),
                            plugin,
                            StandardCopyOption.REPLACE_EXISTING));
            talk(2525, mailAnswered("250 {*}"));
            gone("org.posthorn.filter.example", () -> Files.delete(plugin));
            talk(2525, mailAnswered("451 4.3.5 {*}"));
        } finally {
            Files.deleteIfExists(plugin);
            settings.write("org.posthorn.intake", before + "\n# as it was\n");
        }
        talk(2525, mailAnswered("250 {*}"));
    }

    private static String mailAnswered(String answer) {
        return """
                S: 220 {*}
                C: EHLO client.test
                S+ 250 {*}
                C: MAIL FROM:<a@sender.test>
                S: %s
                C: QUIT
                S: 221 {*}
                """.formatted(answer);
    }

    private interface Step {
        void run() throws IOException;
    }

    private void served(String filter, Step step) throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        ServiceListener listener = event -> {
            if (event.getType() == ServiceEvent.REGISTERED) seen.countDown();
        };
        context.addServiceListener(listener, filter);
        await(step, seen);
        context.removeServiceListener(listener);
    }

    /** When a service is said to go, others may not have heard it yet; when its bundle is gone they have. */
    private void gone(String bundle, Step step) throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        SynchronousBundleListener listener = event -> {
            if (event.getType() == BundleEvent.UNINSTALLED
                    && bundle.equals(event.getBundle().getSymbolicName())) seen.countDown();
        };
        context.addBundleListener(listener);
        await(step, seen);
        context.removeBundleListener(listener);
    }

    private static void await(Step step, CountDownLatch seen) throws Exception {
        step.run();
        assertTrue(
                "it comes or goes within two seconds, and some for a busy machine", seen.await(10, TimeUnit.SECONDS));
    }
}
