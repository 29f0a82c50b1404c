package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.queue.QueuedMail;

@Timeout(60)
class WaitsTest {

    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void due_mail_is_found_by_itself() {
        bench.transport((mail, to) -> mail.envelope().recipients().isEmpty() ? Bench.delivered() : Bench.deferred());
        bench.engine.take(Bench.mail(1, "bob@a.test"));
        bench.idle();
        bench.waits.start();
        bench.later(Duration.ofMinutes(6));
        bench.waits.wake();
        bench.happenings.await("drop 1");
    }

    @Test
    void mail_that_was_put_off_when_the_clock_was_a_year_ahead_is_tried_and_counts_its_age_from_now() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        bench.transport((mail, to) -> {
            boolean report = mail.envelope().sender().isEmpty();
            return report || tries.incrementAndGet() == 3 ? Bench.delivered() : Bench.deferred();
        });
        bench.later(Duration.ofDays(365));
        bench.engine.take(Bench.mail(1, "bob@a.test"));
        bench.idle();
        bench.later(Duration.ofDays(-400));
        bench.tryDue();
        bench.idle();
        assertThat(tries).hasValue(2);
        assertThat(bench.stored(1).arrived()).isEqualTo(bench.instant());
        bench.tryDue();
        bench.idle();
        assertThat(tries).hasValue(2);
        bench.later(Duration.ofMinutes(12));
        bench.tryDue();
        bench.happenings.await("drop 1");
    }

    @Test
    void what_is_done_is_not_sent_again_though_the_spool_lets_nothing_be_deleted() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        bench.transport((mail, to) -> tries.incrementAndGet() == 1 ? Bench.deferred() : Bench.delivered());
        bench.engine.take(Bench.mail(1, "bob@a.test"));
        bench.idle();
        bench.spool.broken = true;
        bench.later(Duration.ofMinutes(12));
        bench.tryDue();
        bench.happenings.await(all -> all.stream().filter("put 1"::equals).count() == 2, "the store names it");
        assertThat(bench.stored(1).envelope().recipients()).isEmpty();
        // Another process finds it.
        bench.spool.broken = false;
        try (Bench next = new Bench()) {
            next.transport((mail, to) -> Bench.deferred());
            next.spool.kept.putAll(bench.spool.kept);
            next.store.put(bench.stored(1));
            next.later(Duration.ofHours(1));
            next.tryDue();
            next.happenings.await("drop 1");
        }
        assertThat(tries).hasValue(2);
    }

    @Test
    void what_is_done_is_not_sent_again_though_the_disk_is_full_and_the_process_dies() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        bench.transport((mail, to) -> tries.incrementAndGet() == 1 ? Bench.deferred() : Bench.delivered());
        bench.engine.take(Bench.mail(1, "bob@a.test"));
        bench.idle();
        bench.store.full = true;
        bench.later(Duration.ofMinutes(12));
        bench.tryDue();
        bench.happenings.await("nobody waits for 1");
        // Another process finds it.
        try (Bench next = new Bench()) {
            next.transport((mail, to) -> {
                tries.incrementAndGet();
                return Bench.delivered();
            });
            next.spool.kept.putAll(bench.spool.kept);
            next.spool.notes.putAll(bench.spool.notes);
            next.store.put(bench.stored(1));
            next.later(Duration.ofHours(1));
            next.tryDue();
            next.happenings.await("drop 1");
            assertThat(next.store.mails).isEmpty();
        }
        assertThat(tries).hasValue(2);
    }

    @Test
    void who_has_waiting_mail_is_noted_while_others_are_slow_and_a_crash_does_not_double_it() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        bobAndCarolWait(to -> {
            if (to.equals("carol")) await(go);
            return Bench.delivered();
        });
        bench.tryDue();
        awaitThatCarolIsAlone();
        List<String> tried = Collections.synchronizedList(new ArrayList<>());
        // Another process finds it.
        try (Bench next = new Bench()) {
            next.transport((mail, to) -> {
                tried.add(to.address().localPart());
                return Bench.delivered();
            });
            next.spool.kept.putAll(bench.spool.kept);
            next.spool.notes.putAll(bench.spool.notes);
            next.store.put(bench.stored(1));
            next.later(Duration.ofHours(1));
            next.tryDue();
            next.happenings.await("drop 1");
        }
        assertThat(tried).containsExactly("carol");
        go.countDown();
        bench.happenings.await("drop 1");
        bench.idle();
        assertThat(bench.spool.notes).isEmpty();
    }

    @Test
    void
            who_has_waiting_mail_does_not_get_it_again_when_a_crash_comes_before_the_store_hears_that_another_was_forwarded()
                    throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<Address> others = List.of(Address.of("dave@c.test"));
        bobAndCarolWait(to -> {
            if (to.equals("carol")) await(go);
            return to.equals("bob") ? Bench.delivered() : new Outcome.Forwarded("", others);
        });
        bench.tryDue();
        awaitThatCarolIsAlone();
        bench.store.full = true;
        go.countDown();
        bench.happenings.await("no room for 1");
        QueuedMail found = Waits.open(bench.stored(1), bench.spool.inspect(MailId.of(1)));
        assertThat(found.envelope().recipients())
                .extracting(r -> r.address().localPart())
                .containsExactly("carol");
        bench.store.full = false;
        bench.addStore();
        bench.happenings.await(
                all -> all.stream().filter("put 1"::equals).count() == 2
                        && all.lastIndexOf("keep 1") > all.lastIndexOf("put 1"),
                "it is put away");
        found = Waits.open(bench.stored(1), bench.spool.inspect(MailId.of(1)));
        assertThat(found.envelope().recipients())
                .extracting(r -> r.address().localPart())
                .containsExactly("dave");
    }

    @Test
    void who_has_waiting_mail_is_noted_though_the_disk_is_too_full_for_the_bounce_of_another() throws Exception {
        bobAndCarolWait(to -> to.equals("bob") ? Bench.delivered() : Bench.failed());
        bench.spool.full = true;
        bench.tryDue();
        awaitThatCarolIsAlone();
        bench.spool.full = false;
        bench.addStore();
        bench.happenings.await("drop 1");
    }

    @Test
    void what_is_over_is_not_noted_otherwise_when_the_store_cannot_be_told() throws Exception {
        bobAndCarolWait(to -> to.equals("bob") ? Bench.delivered() : Bench.failed());
        bench.store.full = true;
        bench.tryDue();
        bench.happenings.await("no room for 1");
        bench.store.full = false;
        bench.addStore();
        bench.happenings.await("drop 1");
        List<String> all = bench.happenings.all();
        assertThat(all.subList(all.indexOf("nobody waits for 1"), all.size())).doesNotContain("keep 1");
    }

    @Test
    void a_note_that_names_somebody_whom_the_store_does_not_name_leaves_nobody_out() {
        Mail mail = Bench.mail(1, "bob@a.test", "carol@b.test");
        QueuedMail stored = Attempt.first(mail, Set.of(0, 1), Set.of()).shown();
        List<Recipient> both = mail.envelope().recipients();
        QueuedMail open = Changed.open(stored, both.subList(1, 2));
        assertThat(open.envelope().recipients()).isEqualTo(both.subList(1, 2));
        assertThat(open.attempts()).hasSize(1);
        assertThat(Changed.open(stored, List.of(both.get(1), new Recipient(Address.of("dave@c.test")))))
                .isEqualTo(stored);
    }

    /** Their servers do not take it at first, and answer so then. */
    private void bobAndCarolWait(Function<String, Outcome> answer) {
        bench.transport((mail, to) -> mail.envelope().recipients().contains(to)
                ? Bench.deferred()
                : answer.apply(to.address().localPart()));
        bench.engine.take(Bench.mail(1, "bob@a.test", "carol@b.test"));
        bench.happenings.await("settle 1 [0, 1]");
        bench.idle();
        bench.later(Duration.ofMinutes(6));
    }

    private void awaitThatCarolIsAlone() {
        List<Recipient> carol = List.of(new Recipient(Address.of("carol@b.test")));
        bench.happenings.await(
                all -> bench.spool
                        .notes
                        .get(MailId.of(1))
                        .envelope()
                        .recipients()
                        .equals(carol),
                "carol is alone");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void octets_that_cannot_be_read_hold_up_no_mail_behind_them_and_are_tried_again() throws Exception {
        List<Long> tried = twoThatWait();
        bench.spool.unreadable.add(MailId.of(1));
        bench.later(Duration.ofMinutes(6));
        bench.tryDue();
        bench.happenings.await("drop 2");
        assertThat(tried).containsExactly(2L);
        assertThat(bench.stored(1).held()).isFalse();
        assertThat(bench.stored(1).next()).isAfter(bench.instant());
        assertThat(bench.stored(1).attempts().get(0).count()).isEqualTo(1);
        bench.spool.unreadable.clear();
        bench.later(Duration.ofMinutes(6));
        bench.tryDue();
        bench.happenings.await("drop 1");
        assertThat(tried).containsExactly(2L, 1L);
    }

    @Test
    void a_mail_that_cannot_be_held_now_holds_up_none_behind_it() throws Exception {
        List<Long> tried = twoThatWait();
        bench.spool.damaged.add(MailId.of(1));
        bench.store.full = true;
        bench.later(Duration.ofMinutes(6));
        assertThat(bench.waits.takeDue(bench.store)).isFalse();
        bench.happenings.await("nobody waits for 2");
        assertThat(tried).containsExactly(2L);
    }

    @Test
    void a_mail_that_cannot_be_held_now_does_not_keep_the_next_from_being_looked_for_in_time() throws Exception {
        List<Long> tried = twoThatWait();
        FakeStore asked = new FakeStore(bench.happenings) {
            @Override
            public Optional<Instant> nextDue() {
                bench.happenings.add("looked");
                return super.nextDue();
            }
        };
        asked.mails.putAll(bench.store.mails);
        bench.parts.stores().remove(bench.store);
        bench.parts.stores().add(asked, Map.of("name", "fake"));
        bench.spool.damaged.add(MailId.of(1));
        asked.full = true;
        bench.later(Duration.ofMinutes(6));
        bench.waits.start();
        bench.happenings.await("looked");
        assertThat(tried).doesNotContain(1L);
    }

    /** The first is due before the second; the list tells who was tried again. */
    private List<Long> twoThatWait() throws IOException {
        List<Long> tried = Collections.synchronizedList(new ArrayList<>());
        bench.transport((mail, to) -> {
            if (mail.envelope().recipients().contains(to)) return Bench.deferred();
            tried.add(mail.id().number());
            return Bench.delivered();
        });
        for (long id = 1; id <= 2; id++) {
            bench.engine.take(Bench.mail(id, "bob@a.test"));
            bench.happenings.await("settle " + id + " [0]");
            bench.store.put(Changed.at(bench.stored(id), Bench.START.plusSeconds(id)));
        }
        bench.idle();
        return tried;
    }

    @Test
    void who_calls_while_it_looks_is_not_forgotten() {
        AtomicBoolean first = new AtomicBoolean(true);
        FakeStore calls = new FakeStore(bench.happenings) {
            @Override
            public Optional<Instant> nextDue() {
                bench.happenings.add("looked");
                if (first.getAndSet(false)) bench.waits.wake();
                return Optional.of(bench.instant().plusSeconds(3600));
            }
        };
        bench.parts.stores().remove(bench.store);
        bench.parts.stores().add(calls, Map.of("name", "fake"));
        bench.waits.start();
        bench.happenings.await(all -> all.stream().filter("looked"::equals).count() >= 2, "it looks again");
    }
}
