package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.BundleContext;
import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.delivery.Transport;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.routing.Route;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.spool.Pending;

@Timeout(60)
class QueueTest {

    private final Happenings happenings = new Happenings();
    private final FakeSpool spool = new FakeSpool(happenings);
    private final FakeStore store = new FakeStore(happenings);

    @Test
    void in_a_running_server_the_journal_is_gone_on_with_and_new_mail_delivered() throws Exception {
        spool.pending = List.of(new Pending(Bench.mail(1, "bob@a.test"), Set.of(), List.of(), false));
        Queue queue = queue("run");
        queue.start();
        queue.add(Bench.mail(2, "bob@a.test"));
        happenings.await("settle 1 [0]");
        happenings.await("settle 2 [0]");
        assertThat(queue.full()).isFalse();
        queue.stop();
    }

    @Test
    void offline_nothing_is_tried_but_the_commands_work() throws Exception {
        spool.pending = List.of(new Pending(Bench.mail(1, "bob@a.test"), Set.of(), List.of(), false));
        Queue queue = queue("offline");
        queue.start();
        queue.add(Bench.mail(2, "bob@a.test"));
        ShellCommand list = queue.commands().stream()
                .filter(c -> c.name().equals("list"))
                .findFirst()
                .orElseThrow();
        assertThat(list.action().run(new CommandLine(List.of(), Map.of(), line -> {})))
                .isEqualTo(List.of());
        queue.stop();
        assertThat(happenings.all()).isEmpty();
    }

    @Test
    void a_full_queue_says_so() throws Exception {
        Queue queue = queue("run");
        queue.start();
        // Nobody routes, so that all of it stays in hand.
        for (int i = 1; i <= 10; i++) queue.add(Bench.mail(i, "nobody@hung.test"));
        assertThat(queue.full()).isTrue();
        queue.stop();
        assertThat(happenings.all()).isEmpty();
    }

    @Test
    void what_would_not_be_taken_is_the_transports_to_say() throws Exception {
        Queue queue = queue("run");
        Reply full = new Reply(452, "4.2.2", "the mailbox is full");
        queue.addTransport(
                new Transport() {
                    @Override
                    public Map<Recipient, Outcome> deliver(Mail mail, List<Recipient> recipients, String hop) {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public Optional<Reply> refusal(String hop) {
                        return Optional.of(full).filter(r -> hop.equals("bob@a.test"));
                    }
                },
                Map.of("name", "local"));
        assertThat(queue.refusal(new Route.Via("local", "bob@a.test", true))).contains(full);
        assertThat(queue.refusal(new Route.Via("local", "ann@a.test", true))).isEmpty();
        assertThat(queue.refusal(new Route.Via("fake", "x", true))).isEmpty();
        assertThat(queue.refusal(new Route.Via("none", "x", true))).isEmpty();
        queue.stop();
    }

    private Queue queue(String mode) throws Exception {
        Queue queue = new Queue(context(mode), config());
        queue.addSpool(spool, Map.of());
        queue.addKept(spool, Map.of());
        queue.addStore(store, Map.of("name", "sql"));
        queue.addRouter(
                address ->
                        Optional.of(new Route.Via(address.domain().equals("hung.test") ? "none" : "fake", "x", true)),
                Map.of());
        queue.addTransport(
                (mail, recipients, hop) -> Map.of(recipients.get(0), Bench.delivered()), Map.of("name", "fake"));
        queue.addMailboxes(
                (MailboxStore) Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {MailboxStore.class},
                        (proxy, method, arguments) -> List.of()),
                Map.of());
        return queue;
    }

    private static BundleContext context(String mode) {
        return (BundleContext) Proxy.newProxyInstance(
                QueueTest.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> method.getName().equals("getProperty")
                        ? mode
                        : method.getReturnType() == java.util.Collection.class ? List.of() : null);
    }

    private static Queue.Config config() {
        return (Queue.Config) Proxy.newProxyInstance(
                QueueTest.class.getClassLoader(),
                new Class<?>[] {Queue.Config.class},
                (proxy, method, arguments) ->
                        method.getName().equals("backlog") ? Integer.valueOf(10) : method.getDefaultValue());
    }
}
