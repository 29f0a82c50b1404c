package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.mail.FutureRelease;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.spool.Pending;

/** Mail whose sender has set a time for it, RFC 4865. */
@Timeout(60)
class PostponedTest {

    private static final Duration DAYS = Duration.ofDays(7);
    private static final MailId ONE = MailId.of(1);

    private final Bench bench = new Bench();
    private final List<MailEvent> events = Collections.synchronizedList(new ArrayList<>());
    private final List<String> tried = Collections.synchronizedList(new ArrayList<>());
    private final Unsent unsent = new Unsent(bench.engine);
    private final QueueCommands commands = new QueueCommands(bench.engine, bench.waits);

    PostponedTest() {
        bench.parts.teller().add(events::add, Map.of());
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private static Mail mail(long id, String... to) {
        MailParameters with = MailParameters.NONE.with(new FutureRelease(Bench.START.plus(DAYS), "for;604800"));
        return Bench.mail(id, Bench.mail(id, to).envelope().with(with));
    }

    private void answer(Outcome outcome) {
        bench.transport((mail, to) -> {
            if (mail.envelope().sender().isEmpty() && mail.origin().protocol().equals("local"))
                return Bench.delivered();
            tried.add(mail.id().number() + " " + to.address().localPart());
            return outcome;
        });
    }

    private void take(String... to) {
        bench.engine.take(mail(1, to));
        bench.idle();
    }

    private void look() throws IOException {
        bench.tryDue();
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

    @Test
    void it_is_put_away_untried_and_goes_at_its_time() throws IOException {
        answer(Bench.delivered());
        take("bob@a.test", "carol@b.test");
        assertThat(bench.happenings.all()).containsSubsequence("keep 1", "put 1", "settle 1 [0, 1]");
        assertThat(bench.stored(1).next()).isEqualTo(Bench.START.plus(DAYS));
        assertThat(bench.stored(1).attempts()).allMatch(a -> a.count() == 0 && !a.routed());
        bench.later(DAYS.minusMillis(1));
        look();
        assertThat(tried).isEmpty();
        bench.later(Duration.ofMillis(1));
        look();
        assertThat(tried).containsExactlyInAnyOrder("1 bob", "1 carol");
        assertThat(events).filteredOn(MailEvent.Postponed.class::isInstance).hasSize(1);
        assertThat(events).noneMatch(MailEvent.Waiting.class::isInstance);
    }

    @Test
    void no_clock_that_goes_back_makes_it_due_before() throws IOException {
        answer(Bench.delivered());
        take("bob@a.test");
        bench.later(Duration.ofDays(-400));
        look();
        bench.later(Duration.ofDays(406));
        look();
        assertThat(tried).isEmpty();
        bench.later(Duration.ofDays(1));
        look();
        assertThat(tried).hasSize(1);
    }

    @Test
    void what_the_store_lost_waits_for_its_time_all_the_same() throws IOException {
        answer(Bench.delivered());
        take("bob@a.test");
        bench.store.mails.clear();
        Restart restart = new Restart(bench.engine, bench.crew, () -> false, () -> {});
        new QueueInspection(bench.engine, bench.waits, restart, new Amends()).lost();
        look();
        assertThat(bench.stored(1).wished()).isTrue();
        assertThat(tried).isEmpty();
    }

    @Test
    void its_age_counts_from_its_release() throws IOException {
        answer(Bench.deferred());
        take("bob@a.test");
        bench.later(DAYS);
        for (int i = 0; i < 5; i++) {
            look();
            assertThat(bench.stored(1).warned())
                    .as("it is not late, nor too old")
                    .isFalse();
            bench.later(Duration.ofMinutes(12));
        }
        assertThat(tried).hasSizeGreaterThan(2);
        bench.later(Duration.ofHours(4));
        look();
        assertThat(bench.stored(1).warned()).isTrue();
        bench.later(Duration.ofDays(5));
        look();
        bench.happenings.await("drop 1");
        assertThat(bench.spool.committed).hasSize(2);
    }

    @Test
    void a_report_of_it_says_what_its_sender_had_wished() throws Exception {
        answer(Bench.failed());
        take("bob@a.test");
        bench.later(DAYS);
        look();
        bench.happenings.await("drop 1");
        String report = new String(bench.spool.committed.get(0).message().open().readAllBytes());
        assertThat(report).contains("Future-Release-Request: for;604800\r\n");
    }

    @Test
    void lists_say_that_its_sender_wishes_it() throws Exception {
        answer(Bench.delivered());
        take("bob@a.test");
        QueueLine line = (QueueLine) ((List<?>) run("list")).get(0);
        assertThat(line.state()).isEqualTo("waiting");
        assertThat(line.why()).isEqualTo("waits until 2026-11-29T12:00:00Z as its sender wishes");
        assertThat(((QueueEntry) run("show", ONE.text())).why()).isEqualTo(line.why());
    }

    @Test
    void who_names_it_sends_it_now_and_nobody_by_retry_or_with_all_others() throws Exception {
        answer(Bench.deferred());
        take("bob@a.test");
        assertThat(run("retry", "all")).isEqualTo("0 mails retried");
        assertThat(run("release", "all")).isEqualTo("0 mails released");
        assertThatThrownBy(() -> run("retry", ONE.text())).hasMessageContaining("as its sender wishes");
        bench.later(Duration.ofHours(1));
        assertThat(run("release", ONE.text())).isEqualTo("1 mail released");
        look();
        assertThat(tried).hasSize(1);
        assertThat(bench.stored(1).next()).isBefore(bench.instant().plus(Duration.ofMinutes(6)));
        assertThat(bench.stored(1)
                        .envelope()
                        .parameters()
                        .release()
                        .orElseThrow()
                        .request())
                .isEqualTo("for;604800");
    }

    @Test
    void what_is_held_besides_waits_on_when_it_is_no_longer_held() throws Exception {
        answer(Bench.delivered());
        take("bob@a.test");
        run("hold", ONE.text());
        bench.later(Duration.ofHours(1));
        run("release", ONE.text());
        look();
        assertThat(tried).isEmpty();
        assertThat(bench.stored(1).held()).isFalse();
        bench.later(DAYS);
        look();
        assertThat(tried).hasSize(1);
    }

    @Test
    void it_is_taken_back_until_its_first_attempt_and_nobody_gets_it() throws IOException {
        answer(Bench.delivered());
        take("bob@a.test");
        assertThat(unsent.open(ONE)).isPresent();
        bench.later(DAYS);
        assertThat(unsent.takeBack(ONE, "its sender")).isTrue();
        assertThat(bench.happenings.all())
                .containsSubsequence(
                        "settle 1 [0]", "note 1 Gone[recipient=0]", "nobody waits for 1", "remove 1", "drop 1");
        look();
        assertThat(tried).isEmpty();
        assertThat(unsent.open(ONE)).isEmpty();
        assertThat(unsent.takeBack(ONE, "its sender"))
                .as("there is no such mail")
                .isFalse();
        assertThat(events)
                .contains(new MailEvent.Handled(ONE, bench.instant(), MailEvent.Action.REMOVED, "its sender"));
    }

    @Test
    void what_is_noted_to_wait_for_nobody_is_taken_back_whatever_the_store_says() throws IOException {
        answer(Bench.delivered());
        take("bob@a.test");
        bench.store.full = true;
        assertThat(unsent.takeBack(ONE, "its sender")).isTrue();
        assertThat(bench.happenings.all()).containsSubsequence("nobody waits for 1", "no room for 1");
        bench.store.full = false;
        bench.later(DAYS);
        look();
        assertThat(tried).isEmpty();
        assertThat(bench.stored(1)).isNull();
    }

    @Test
    void nobody_says_that_it_is_gone_while_it_is_in_hand_and_in_no_store() throws IOException {
        bench.engine.claim(ONE);
        assertThatThrownBy(() -> unsent.open(ONE)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> unsent.takeBack(ONE, "its sender")).isInstanceOf(IOException.class);
        bench.engine.release(ONE);
        assertThat(unsent.open(ONE)).isEmpty();
    }

    @Test
    void what_is_tried_at_once_is_not_so_before_its_time_when_the_clock_was_put_back() throws IOException {
        answer(Bench.deferred());
        take("bob@a.test");
        bench.later(DAYS);
        look();
        bench.later(DAYS.dividedBy(-2));
        assertThat(Changed.now(bench.stored(1), bench.instant()).next()).isEqualTo(Bench.START.plus(DAYS));
        bench.later(DAYS);
        assertThat(Changed.now(bench.stored(1), bench.instant()).next()).isEqualTo(bench.instant());
    }

    @Test
    void what_is_being_tried_or_was_tried_is_not_taken_back() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        bench.transport((mail, to) -> {
            asked.countDown();
            await(go);
            return Bench.deferred();
        });
        take("bob@a.test");
        bench.later(DAYS);
        bench.tryDue();
        asked.await();
        assertThat(unsent.takeBack(ONE, "its sender")).isFalse();
        go.countDown();
        bench.idle();
        assertThat(unsent.takeBack(ONE, "its sender")).isFalse();
        assertThat(bench.stored(1)).isNotNull();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void many_who_take_back_and_one_who_sends_agree_for_each_mail() throws Exception {
        answer(Bench.delivered());
        for (int i = 1; i <= 200; i++) bench.engine.take(mail(i, "bob@a.test"));
        bench.idle();
        bench.later(DAYS);
        Set<Long> back = Collections.synchronizedSet(new java.util.TreeSet<>());
        Thread taker = new Thread(() -> {
            for (long i = 1; i <= 200; i++) if (takesBack(i)) back.add(i);
        });
        List<Throwable> broken = Collections.synchronizedList(new ArrayList<>());
        taker.setUncaughtExceptionHandler((t, e) -> broken.add(e));
        taker.start();
        bench.tryDue();
        taker.join();
        bench.idle();
        assertThat(broken).isEmpty();
        Set<Long> sent = new java.util.TreeSet<>();
        tried.forEach(t -> assertThat(sent.add(Long.parseLong(t.split(" ")[0]))).isTrue());
        // Either may have been so fast that nothing is left for the other.
        assertThat(sent).noneMatch(back::contains);
        assertThat(sent.size() + back.size()).isEqualTo(200);
    }

    private boolean takesBack(long id) {
        while (true)
            try {
                return unsent.takeBack(MailId.of(id), "its sender");
            } catch (IOException forAMoment) {
                if (!String.valueOf(forAMoment.getMessage()).contains("for a moment"))
                    throw new java.io.UncheckedIOException(forAMoment);
            }
    }

    @Test
    void one_that_comes_out_of_the_journal_waits_for_its_time_too() {
        answer(Bench.delivered());
        bench.parts.mailboxes().add(noShelves(), Map.of());
        bench.spool.pending = List.of(new Pending(mail(1, "bob@a.test"), Set.of(), List.of(), false));
        new Restart(bench.engine, bench.crew, () -> false, () -> {}).begin(bench.spool);
        bench.happenings.await("settle 1 [0]");
        bench.idle();
        assertThat(bench.stored(1).wished()).isTrue();
        assertThat(tried).isEmpty();
    }

    @Test
    void a_crash_between_store_and_journal_leaves_one() {
        answer(Bench.delivered());
        bench.parts.mailboxes().add(noShelves(), Map.of());
        Mail mail = mail(1, "bob@a.test", "carol@b.test");
        take("bob@a.test", "carol@b.test");
        QueuedMail before = bench.stored(1);
        bench.spool.pending = List.of(new Pending(mail, Set.of(), List.of(), false));
        new Restart(bench.engine, bench.crew, () -> false, () -> {}).begin(bench.spool);
        bench.happenings.await(all -> Collections.frequency(all, "settle 1 [0, 1]") == 2, "settled again");
        bench.idle();
        assertThat(bench.stored(1)).isEqualTo(before);
        assertThat(tried).isEmpty();
    }

    private static MailboxStore noShelves() {
        return (MailboxStore) java.lang.reflect.Proxy.newProxyInstance(
                MailboxStore.class.getClassLoader(),
                new Class<?>[] {MailboxStore.class},
                (p, method, a) -> method.getName().equals("shelved")
                        ? List.of()
                        : method.getName().equals("hashCode") ? 1 : p == a[0]);
    }

    @Test
    void a_time_that_is_over_holds_nothing_up() {
        answer(Bench.delivered());
        bench.later(DAYS.plusDays(1));
        bench.engine.take(mail(1, "bob@a.test"));
        bench.idle();
        assertThat(tried).hasSize(1);
        assertThat(bench.happenings.all()).doesNotContain("keep 1");
    }

    @Test
    void a_full_store_keeps_it_in_the_journal_and_it_is_put_away_when_there_is_room() throws IOException {
        answer(Bench.delivered());
        try (Bench impatient = new Bench(Duration.ofSeconds(10), Duration.ofMillis(20))) {
            impatient.store.full = true;
            impatient.engine.take(mail(1, "bob@a.test"));
            impatient.happenings.await("no room for 1");
            assertThat(impatient.happenings.all()).noneMatch(h -> h.startsWith("settle"));
            impatient.store.full = false;
            assertThat(new Unsent(impatient.engine).takeBack(ONE, "its sender")).isTrue();
            assertThat(impatient.happenings.all()).containsSubsequence("put 1", "settle 1 [0]", "nobody waits for 1");
        }
    }
}
