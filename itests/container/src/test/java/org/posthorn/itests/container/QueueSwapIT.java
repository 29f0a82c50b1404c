package org.posthorn.itests.container;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
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
import org.osgi.service.cm.ConfigurationAdmin;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.UserRegistry;
import org.posthorn.testkit.Script;
import org.posthorn.testkit.TcpLine;

/** The store of waiting mail is taken away and comes back while mail flows. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class QueueSwapIT {

    private static final int MAILS = 40;
    private static final int SWAPS = 8;

    @Inject
    private BundleContext context;

    @Inject
    private UserRegistry registry;

    @Inject
    private ConfigurationAdmin configurations;

    @Configuration
    public Option[] configuration() {
        return Dist.options(QueueSwapIT.class);
    }

    @Test
    public void no_mail_is_lost_while_the_queue_store_stops_and_starts() throws Exception {
        Bundle framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
        FrameworkStartLevel level = framework.adapt(FrameworkStartLevel.class);
        while (level.getStartLevel() < Dist.START_LEVEL) Thread.onSpinWait();
        registry.addDomain("example.test");
        registry.alias("far", "example.test", List.of(Address.of("far@elsewhere.test")));
        try (FarServer far = new FarServer()) {
            Told settings = new Told(context, configurations);
            settings.write("org.posthorn.routing", "smarthost = 127.0.0.1:" + far.port() + "\nsmarthostTls = never\n");
            settings.write("org.posthorn.queue", "retry = 1s\nmaxAge = 1h\nwarnAfter = 1h\n");
            CompletableFuture<Set<String>> sent = CompletableFuture.supplyAsync(this::send);
            for (int i = 0; i < SWAPS; i++) swap();
            Set<String> accepted = sent.get(60, TimeUnit.SECONDS);
            far.open();
            for (int i = 0; i < SWAPS; i++) swap();
            List<String> taken = new ArrayList<>();
            while (!taken.containsAll(accepted)) {
                String next = far.taken.poll(60, TimeUnit.SECONDS);
                assertTrue("of " + accepted + " only " + taken + " came", next != null);
                taken.add(next);
            }
            assertEquals("mails taken", MAILS, accepted.size());
            assertEquals("each once", MAILS, taken.size());
        }
    }

    private void swap() throws Exception {
        Bundle store = Arrays.stream(context.getBundles())
                .filter(b -> b.getSymbolicName().equals("org.posthorn.queue.sql"))
                .findFirst()
                .orElseThrow();
        store.stop();
        store.start();
    }

    /** The subjects of what got its 250. */
    private Set<String> send() {
        Set<String> accepted = new TreeSet<>();
        try (TcpLine line = TcpLine.to(2525 + Integer.getInteger("posthorn.port.offset"))) {
            Script.of("S: 220 {*}\nC: EHLO client.test\nS+ 250 {*}\n").run(line);
            for (int i = 0; i < MAILS; i++) {
                Script.of("""
                        C: MAIL FROM:<a@sender.test>
                        S: 250 {*}
                        C: RCPT TO:<far@example.test>
                        S: 250 {*}
                        C: DATA
                        S: 354 {*}
                        C: Subject: mail %d
                        C:
                        C: hello.
                        C: .
                        S: 250 {*}
                        """.formatted(i)).run(line);
                accepted.add("mail " + i);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return accepted;
    }
}
