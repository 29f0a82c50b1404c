package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.routing.Route;
import org.posthorn.api.shell.CommandLine;

/** What is told of mail in the queue. */
@Timeout(60)
class NarrationTest {

    private final Bench bench = new Bench();
    private final List<MailEvent> told = new CopyOnWriteArrayList<>();

    @BeforeEach
    void hear() {
        bench.parts.teller().add(told::add, Map.of());
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private <T extends MailEvent> List<T> all(Class<T> kind) {
        return told.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    @Test
    void the_aliases_on_the_way_are_told_in_their_order() {
        bench.alias("sales@a.test", "team@a.test");
        bench.alias("team@a.test", "ann@a.test", "bob@b.test");
        bench.transport((mail, to) -> Bench.delivered());
        bench.engine.take(Bench.mail(1, "sales@a.test", "carol@a.test"));
        bench.idle();
        List<Address> through = List.of(Address.of("sales@a.test"), Address.of("team@a.test"));
        assertThat(all(MailEvent.Routed.class))
                .extracting(r -> r.recipient().toString(), MailEvent.Routed::aliases, MailEvent.Routed::nextHop)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("ann@a.test", through, "a.test"),
                        org.assertj.core.groups.Tuple.tuple("bob@b.test", through, "b.test"),
                        org.assertj.core.groups.Tuple.tuple("carol@a.test", List.of(), "a.test"));
        assertThat(all(MailEvent.Attempted.class)).hasSize(3).allSatisfy(a -> {
            assertThat(a.result()).isEqualTo(MailEvent.Result.DELIVERED);
            assertThat(a.transport()).isEqualTo("fake");
            assertThat(a.host()).isEqualTo("mx");
            assertThat(a.reply().text()).isEqualTo("ok");
        });
    }

    @Test
    void each_way_is_told_to_an_end_that_another_led_to_before() {
        bench.alias("sales@a.test", "team@a.test");
        bench.alias("all@a.test", "team@a.test", "carol@a.test");
        bench.alias("team@a.test", "Bob@here.test");
        Route.Via shelf = new Route.Via("fake", "bob@here.test", true);
        bench.routes.put("bob@here.test", shelf);
        bench.routes.put("Bob@here.test", shelf);
        bench.transport((mail, to) -> Bench.delivered());
        bench.engine.take(Bench.mail(1, "bob@here.test", "sales@a.test", "all@a.test", "bob@here.test"));
        bench.idle();
        assertThat(all(MailEvent.Routed.class))
                .extracting(r -> r.aliases() + " " + r.recipient())
                .containsExactlyInAnyOrder(
                        "[] bob@here.test",
                        "[sales@a.test, team@a.test, Bob@here.test] bob@here.test",
                        "[all@a.test] carol@a.test",
                        "[all@a.test, team@a.test, Bob@here.test] bob@here.test");
        assertThat(all(MailEvent.Attempted.class)).hasSize(2);
    }

    @Test
    void what_waits_is_told_with_the_time_of_the_next_attempt_and_its_way_once() throws Exception {
        bench.transport((mail, to) -> Bench.deferred());
        bench.engine.take(Bench.mail(1, "bob@a.test"));
        bench.idle();
        assertThat(all(MailEvent.Waiting.class)).hasSize(1);
        assertThat(all(MailEvent.Waiting.class).get(0).until())
                .isEqualTo(bench.stored(1).next());
        bench.later(Duration.ofMinutes(10));
        bench.tryDue();
        bench.idle();
        assertThat(all(MailEvent.Attempted.class))
                .extracting(MailEvent.Attempted::result)
                .containsExactly(MailEvent.Result.DEFERRED, MailEvent.Result.DEFERRED);
        assertThat(all(MailEvent.Routed.class)).hasSize(1);
    }

    @Test
    void a_mail_that_is_too_old_is_given_up_and_its_report_is_told_of_on_both_sides() throws Exception {
        bench.transport((mail, to) -> mail.envelope().sender().isPresent() ? Bench.deferred() : Bench.delivered());
        bench.engine.take(Bench.mail(1, "bob@a.test"));
        bench.idle();
        for (int pauses = 0; pauses < 2; pauses++) {
            bench.later(Duration.ofMinutes(30));
            bench.tryDue();
            bench.idle();
        }
        bench.later(Duration.ofDays(6));
        bench.tryDue();
        bench.idle();
        assertThat(all(MailEvent.GivenUp.class)).hasSize(1);
        assertThat(all(MailEvent.Reported.class)).hasSize(1);
        MailEvent.Reported reported = all(MailEvent.Reported.class).get(0);
        assertThat(reported.mail()).isEqualTo(MailId.of(1));
        assertThat(reported.to()).isEqualTo(Address.of("alice@sender.test"));
        assertThat(reported.what()).isEqualTo("failed");
        List<MailEvent> report =
                told.stream().filter(e -> e.mail().equals(reported.report())).toList();
        assertThat(report)
                .extracting(e -> e.getClass().getSimpleName())
                .containsSubsequence("Begun", "Report", "Content", "Accepted", "Attempted");
        assertThat(((MailEvent.Report) report.get(1)).about()).isEqualTo(MailId.of(1));
        assertThat(((MailEvent.Content) report.get(3)).messageId()).endsWith("@mx.example.test>");
    }

    @Test
    void a_recipient_that_is_refused_by_the_routers_is_told_without_a_transport() {
        bench.routes.put(
                "bob@a.test",
                new org.posthorn.api.routing.Route.Refuse(
                        new org.posthorn.api.mail.Reply(550, "5.1.1", "No such user")));
        bench.transport((mail, to) -> Bench.delivered());
        bench.engine.take(Bench.mail(1, Optional.empty(), "bob@a.test"));
        bench.idle();
        MailEvent.Attempted attempted = all(MailEvent.Attempted.class).get(0);
        assertThat(attempted.transport()).isEmpty();
        assertThat(attempted.result()).isEqualTo(MailEvent.Result.FAILED);
    }

    @Test
    void what_people_do_is_told() throws Exception {
        bench.transport((mail, to) -> Bench.deferred());
        bench.engine.take(Bench.mail(1, "bob@a.test"));
        bench.idle();
        QueueCommands commands = new QueueCommands(bench.engine, bench.waits);
        for (String name : List.of("hold", "release", "remove"))
            commands.all().stream()
                    .filter(c -> c.name().equals(name))
                    .findFirst()
                    .orElseThrow()
                    .action()
                    .run(new CommandLine(List.of("all"), Map.of(), line -> {}));
        assertThat(all(MailEvent.Handled.class))
                .extracting(MailEvent.Handled::action)
                .containsExactly(MailEvent.Action.HELD, MailEvent.Action.RELEASED, MailEvent.Action.REMOVED);
    }
}
