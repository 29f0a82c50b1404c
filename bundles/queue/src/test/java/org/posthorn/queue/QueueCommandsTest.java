package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.list;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.api.shell.CommandLine;

@Timeout(60)
class QueueCommandsTest {

    private static final String ONE = MailId.of(1).text();

    private final Bench bench = new Bench();
    private final QueueCommands commands = new QueueCommands(bench.engine, bench.waits);

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void waiting_mail_is_listed_with_why_it_waits() throws Exception {
        deferred(1);
        deferred(2);
        assertThat(run("list"))
                .asInstanceOf(list(QueueLine.class))
                .extracting(QueueLine::id, QueueLine::state, QueueLine::why)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(ONE, "waiting", "451 4.7.1 later"),
                        org.assertj.core.groups.Tuple.tuple(MailId.of(2).text(), "waiting", "451 4.7.1 later"));
        QueueEntry shown = (QueueEntry) run("show", ONE.toLowerCase(java.util.Locale.ROOT));
        assertThat(shown.recipients())
                .containsExactly(new QueueEntry.Open("bob@a.test", "", 1, "mx", "451 4.7.1 later"));
        assertThat(shown.sender()).contains(Address.of("alice@sender.test"));
    }

    @Test
    void a_list_is_as_long_as_the_queue() throws Exception {
        bench.transport((mail, to) -> Bench.deferred());
        IntStream.rangeClosed(1, 450).forEach(i -> bench.engine.take(Bench.mail(i, "bob@a.test")));
        bench.idle();
        assertThat((List<?>) run("list")).hasSize(450);
        assertThat(run("hold", "all")).isEqualTo("450 mails held");
    }

    @Test
    void held_mail_is_not_tried_until_it_is_released_and_then_at_once() throws Exception {
        deferred(1);
        assertThat(run("hold", ONE)).isEqualTo("1 mail held");
        bench.later(java.time.Duration.ofHours(1));
        bench.tryDue();
        assertThat(bench.engine.busy()).isZero();
        assertThatThrownBy(() -> run("hold", ONE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> run("retry", ONE)).isInstanceOf(IllegalArgumentException.class);
        run("release", ONE);
        assertThat(bench.stored(1).held()).isFalse();
        assertThat(bench.stored(1).next()).isEqualTo(bench.instant());
    }

    @Test
    void damaged_octets_are_held_and_sent_when_somebody_releases_them() throws Exception {
        deferred(1);
        bench.spool.damaged.add(MailId.of(1));
        bench.later(java.time.Duration.ofHours(1));
        bench.tryDue();
        bench.idle();
        assertThat(bench.stored(1).held()).isTrue();
        assertThat(bench.stored(1).attempts().get(0).count()).isEqualTo(1);
        run("release", ONE);
        bench.tryDue();
        bench.idle();
        assertThat(bench.stored(1).attempts().get(0).count()).isEqualTo(2);
    }

    @Test
    void damaged_octets_are_released_for_those_alone_who_are_noted_to_wait() throws Exception {
        bench.transport((mail, to) -> Bench.deferred());
        bench.engine.take(Bench.mail(1, "bob@a.test", "carol@b.test"));
        bench.idle();
        Mail carol = Bench.mail(1, "carol@b.test");
        bench.spool.keep(carol);
        bench.spool.damaged.add(MailId.of(1));
        run("hold", ONE);
        run("release", ONE);
        assertThat(bench.spool.inspect(MailId.of(1)).whole()).isTrue();
        assertThat(bench.spool.notes.get(MailId.of(1)).envelope()).isEqualTo(carol.envelope());
        assertThat(bench.happenings.all())
                .as("a crash would have them removed")
                .contains("note 1 anew")
                .doesNotContain("nobody waits for 1");
    }

    @Test
    void retried_mail_is_due_now() throws Exception {
        deferred(1);
        run("retry", "all");
        assertThat(bench.stored(1).next()).isEqualTo(bench.instant());
    }

    @Test
    void attempts_by_hand_do_not_lengthen_the_pauses() throws Exception {
        deferred(1);
        for (int i = 0; i < 5; i++) {
            bench.later(Duration.ofSeconds(10));
            run("retry", ONE);
            bench.later(Duration.ofSeconds(1));
            run("retry", ONE);
            bench.tryDue();
            bench.idle();
            assertThat(bench.stored(1).attempts().get(0).count()).isEqualTo(1);
            assertThat(Duration.between(bench.instant(), bench.stored(1).next()))
                    .isBetween(Duration.ofSeconds(270), Duration.ofSeconds(330));
        }
        bench.later(Duration.ofMinutes(6));
        run("retry", ONE);
        bench.tryDue();
        bench.idle();
        assertThat(bench.stored(1).attempts().get(0).count())
                .as("its time had come")
                .isEqualTo(2);
    }

    @Test
    void removed_mail_is_gone_with_its_bytes() throws Exception {
        deferred(1);
        run("remove", ONE);
        assertThat(bench.store.mails).isEmpty();
        assertThat(bench.spool.kept).isEmpty();
        assertThat(bench.spool.committed).isEmpty();
    }

    @Test
    void mail_that_is_being_tried_is_shown_and_left_alone() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        bench.transport((mail, to) -> {
            try {
                go.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Bench.delivered();
        });
        bench.engine.take(Bench.mail(1, "bob@a.test"));
        assertThat(run("list"))
                .asInstanceOf(list(QueueLine.class))
                .extracting(QueueLine::state)
                .containsExactly("active");
        assertThat(((QueueEntry) run("show", ONE)).state()).isEqualTo("active");
        assertThatThrownBy(() -> run("remove", ONE)).hasMessageContaining("being tried");
        assertThat(run("remove", "all")).isEqualTo("0 mails removed");
        go.countDown();
    }

    @Test
    void what_is_not_there_is_said() {
        assertThatThrownBy(() -> run("show", ONE)).hasMessageContaining("there is no mail " + ONE);
        assertThatThrownBy(() -> run("hold", ONE)).hasMessageContaining("there is no mail " + ONE);
        assertThatThrownBy(() -> run("show", "rubbish")).hasMessage("rubbish is no queue id");
        assertThatThrownBy(() -> run("retry")).hasMessage("the queue id, or all, is missing");
        assertThat(bench.engine.busy()).isZero();
    }

    @Test
    void mail_that_goes_while_all_is_changed_does_not_keep_the_command_from_the_rest() throws Exception {
        for (int i = 1; i <= 3; i++) deferred(i);
        bench.parts.stores().remove(bench.store);
        FakeStore leaving = new FakeStore(bench.happenings) {
            @Override
            public Optional<QueuedMail> get(MailId id) throws IOException {
                return id.equals(MailId.of(2)) ? Optional.empty() : super.get(id);
            }
        };
        leaving.mails.putAll(bench.store.mails);
        bench.parts.stores().add(leaving, Map.of("name", "fake"));
        assertThat(run("hold", "all")).isEqualTo("2 mails held");
        assertThat(leaving.mails.get(MailId.of(3)).held()).isTrue();
    }

    @Test
    void mail_in_a_store_that_is_not_in_use_is_told_of() throws Exception {
        deferred(1);
        bench.parts.stores().add(new FakeStore(bench.happenings), Map.of("name", "other"));
        bench.engine.rules(Bench.rules("other"));
        deferred(2);
        assertThat(run("list"))
                .asInstanceOf(list(QueueLine.class))
                .extracting(QueueLine::id, QueueLine::state)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(ONE, "in fake"),
                        org.assertj.core.groups.Tuple.tuple(MailId.of(2).text(), "waiting"));
        assertThat(run("hold", "all")).isEqualTo("1 mail held");
    }

    private void deferred(long id) {
        bench.transport((mail, to) -> Bench.deferred());
        bench.engine.take(Bench.mail(id, "bob@a.test"));
        bench.idle();
    }

    private Object run(String name, String... words) throws Exception {
        return commands.all().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow()
                .action()
                .run(new CommandLine(List.of(words), Map.of(), line -> {}));
    }
}
