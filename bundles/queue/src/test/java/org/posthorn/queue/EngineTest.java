package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.api.routing.Route;

@Timeout(60)
class EngineTest {

    private Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void delivered_mail_is_settled_and_nothing_else() {
        bench.transport((mail, to) -> Bench.delivered());
        bench.engine.take(Bench.mail(1, "bob@a.test", "carol@a.test"));
        bench.happenings.await("settle 1 [0, 1]");
        bench.idle();
        assertThat(bench.happenings.all()).containsExactly("settle 1 [0, 1]");
    }

    @Test
    void shelved_mail_is_settled_by_who_shelved_it() {
        bench.transport((mail, to) -> new Outcome.Shelved("", new Reply(250, "2.0.0", "ok")));
        bench.engine.take(Bench.mail(1, "bob@a.test"));
        bench.idle();
        assertThat(bench.happenings.all()).isEmpty();
    }

    @Test
    void deferred_mail_is_safe_elsewhere_before_the_journal_is_settled() {
        bench.transport((mail, to) -> Bench.deferred());
        bench.engine.take(Bench.mail(1, "bob@a.test"));
        bench.happenings.await("settle 1 [0]");
        assertThat(bench.happenings.all()).containsExactly("keep 1", "put 1", "settle 1 [0]");
        QueuedMail stored = bench.stored(1);
        assertThat(stored.attempts()).containsExactly(new QueuedMail.Attempts(true, 1, "mx", "451 4.7.1 later"));
        assertThat(stored.size()).isEqualTo(21);
        assertThat(Duration.between(Bench.START, stored.next()))
                .isBetween(Duration.ofSeconds(270), Duration.ofSeconds(330));
    }

    @Test
    void mail_for_which_there_was_no_room_comes_again_soon_and_was_not_tried() {
        bench.transport((mail, to) -> Lanes.BUSY);
        bench.engine.take(Bench.mail(1, "bob@a.test"));
        bench.happenings.await("settle 1 [0]");
        QueuedMail stored = bench.stored(1);
        assertThat(stored.attempts().get(0).count()).isZero();
        assertThat(stored.next()).isEqualTo(Bench.START.plusSeconds(30));
    }

    @Test
    void mail_of_which_some_was_tried_waits_for_its_pause() {
        bench.transport((mail, to) -> to.address().domain().equals("busy.test") ? Lanes.BUSY : Bench.deferred());
        bench.engine.take(Bench.mail(1, "bob@a.test", "carol@busy.test"));
        bench.happenings.await("settle 1 [0, 1]");
        assertThat(bench.stored(1).next()).isAfter(Bench.START.plusSeconds(200));
    }

    @Test
    void deferred_recipient_is_retried_after_the_backoff_and_alone() throws IOException {
        List<String> tried = Collections.synchronizedList(new ArrayList<>());
        bench.transport((mail, to) -> {
            tried.add(to.address() + " " + mail.envelope().recipients().contains(to));
            boolean first = tried.stream().filter(t -> t.startsWith("carol")).count() == 1;
            return first && to.address().localPart().equals("carol") ? Bench.deferred() : Bench.delivered();
        });
        bench.engine.take(Bench.mail(1, "bob@a.test", "carol@a.test"));
        bench.idle();
        bench.later(Duration.ofMinutes(4));
        bench.tryDue();
        bench.idle();
        assertThat(tried).containsExactly("bob@a.test true", "carol@a.test true");
        bench.later(Duration.ofMinutes(2));
        bench.tryDue();
        bench.happenings.await("drop 1");
        assertThat(tried).containsExactly("bob@a.test true", "carol@a.test true", "carol@a.test false");
        assertThat(bench.store.mails).isEmpty();
        assertThat(bench.spool.kept).isEmpty();
    }

    @Test
    void a_failed_recipient_is_bounced_before_it_is_settled() {
        bench.transport((mail, to) -> mail.id().equals(MailId.of(1)) ? Bench.failed() : Bench.delivered());
        bench.engine.take(Bench.mail(1, "bob@a.test"));
        bench.happenings.await("settle 1 [0]");
        assertThat(bench.happenings.all()).startsWith("commit to alice@sender.test");
        Mail bounce = bench.spool.committed.get(0);
        assertThat(bounce.envelope().sender()).isEmpty();
        bench.happenings.await("settle " + bounce.id().number() + " [0]");
    }

    @Test
    void a_bounce_that_cannot_be_written_keeps_the_mail_in_the_journal() {
        bench.transport((mail, to) -> Bench.failed());
        bench.spool.broken = true;
        Mail mail = Bench.mail(1, "bob@a.test");
        bench.engine.take(mail);
        assertThat(bench.engine.busy()).isEqualTo(1);
        assertThat(bench.happenings.all()).isEmpty();
        bench.spool.broken = false;
        bench.addStore();
        bench.happenings.await("settle 1 [0]");
    }

    @Test
    void who_has_the_mail_is_settled_though_what_became_of_others_cannot_be_written() {
        bench.transport((mail, to) -> to.address().localPart().equals("bob") ? Bench.deferred() : Bench.delivered());
        bench.parts.stores().remove(bench.store);
        bench.engine.take(Bench.mail(1, "bob@a.test", "carol@b.test"));
        bench.happenings.await("settle 1 [1]");
        bench.addStore();
        bench.happenings.await("settle 1 [0, 1]");
    }

    @Test
    void while_the_store_is_missing_deferred_mail_stays_in_the_journal() {
        bench.transport((mail, to) -> to.address().localPart().equals("bob") ? Bench.deferred() : Bench.failed());
        bench.parts.stores().remove(bench.store);
        bench.engine.take(Bench.mail(1, "bob@a.test", "carol@a.test"));
        bench.happenings.await("commit to alice@sender.test");
        assertThat(bench.happenings.all()).doesNotContain("settle 1 [0, 1]");
        bench.addStore();
        bench.happenings.await("settle 1 [0, 1]");
        assertThat(bench.stored(1).attempts()).hasSize(1);
    }

    @Test
    void a_part_that_comes_while_a_mail_is_being_put_away_is_not_missed() {
        bench.transport((mail, to) -> Bench.deferred());
        bench.parts.stores().remove(bench.store);
        AtomicBoolean first = new AtomicBoolean(true);
        QueueStore broken = new FakeStore(bench.happenings) {
            @Override
            public void put(QueuedMail mail) throws IOException {
                if (!first.getAndSet(false)) super.put(mail);
                else {
                    bench.parts.stores().add(new FakeStore(bench.happenings), Map.of("name", "another"));
                    throw new IllegalStateException("broken");
                }
            }
        };
        bench.parts.stores().add(broken, Map.of("name", "fake"));
        bench.engine.take(Bench.mail(1, "bob@a.test"));
        bench.happenings.await("settle 1 [0]");
    }

    @Test
    void a_transport_that_throws_or_does_not_answer_defers() {
        bench.transport((mail, recipients, hop) -> {
            if (hop.equals("a.test")) throw new IllegalStateException("broken");
            return Map.of();
        });
        bench.engine.take(Bench.mail(1, "bob@a.test", "carol@b.test"));
        bench.happenings.await("settle 1 [0, 1]");
        assertThat(bench.stored(1).attempts())
                .extracting(QueuedMail.Attempts::lastReply)
                .containsExactlyInAnyOrder(
                        "451 4.3.0 the transport fake broke", "451 4.3.0 the transport fake gave no answer");
    }

    @Test
    void a_transport_that_finds_no_memory_defers() {
        bench.transport((mail, to) -> {
            throw new OutOfMemoryError("made for this test");
        });
        bench.engine.take(Bench.mail(1, "bob@a.test"));
        bench.happenings.await("settle 1 [0]");
        assertThat(bench.stored(1).attempts())
                .extracting(QueuedMail.Attempts::lastReply)
                .containsExactly("451 4.3.0 the transport fake broke");
    }

    @Test
    void a_missing_transport_is_waited_for() {
        bench.engine.take(Bench.mail(1, "bob@a.test"));
        bench.transport((mail, to) -> Bench.delivered());
        bench.happenings.await("settle 1 [0]");
        assertThat(bench.store.mails).isEmpty();
    }

    @Test
    void a_transport_or_router_that_does_not_come_within_the_grace_defers() {
        bench.close();
        bench = new Bench(Duration.ofMillis(50));
        bench.engine.take(Bench.mail(1, "bob@a.test"));
        bench.happenings.await("settle 1 [0]");
        assertThat(bench.stored(1).attempts().get(0).lastReply()).isEqualTo("451 4.3.5 there is no transport fake");
    }

    @Test
    void a_directory_that_is_away_defers_and_a_refusal_fails() {
        bench.routes.put("gone@a.test", new Route.Refuse(new Reply(550, "5.1.1", "no such user")));
        bench.engine.take(Bench.mail(1, "bob@broken.test", "gone@a.test"));
        bench.happenings.await("settle 1 [0, 1]");
        assertThat(bench.stored(1).envelope().recipients())
                .containsExactly(new Recipient(Address.of("bob@broken.test")));
        assertThat(bench.stored(1).attempts().get(0).routed()).isFalse();
        assertThat(bench.happenings.all()).contains("commit to alice@sender.test");
    }

    @Test
    void mail_too_old_is_given_up_with_4_4_7() throws Exception {
        bench.transport((mail, to) -> to.address().domain().equals("a.test") ? Bench.deferred() : Bench.delivered());
        bench.engine.take(Bench.mail(1, "bob@a.test"));
        bench.idle();
        bench.later(Duration.ofDays(5));
        bench.tryDue();
        bench.idle();
        assertThat(bench.spool.committed)
                .as("tried twice, and there are three pauses: its sender is told of the delay")
                .hasSize(1);
        bench.later(Duration.ofMinutes(12));
        bench.tryDue();
        bench.happenings.await("drop 1");
        String bounce = new String(bench.spool.committed.get(1).message().open().readAllBytes());
        assertThat(bounce).contains("Status: 4.4.7\r\n").contains("451 4.7.1 later (given up");
    }

    @Test
    void the_sender_is_told_once_of_a_delay() throws IOException {
        bench.transport((mail, to) -> to.address().domain().equals("a.test") ? Bench.deferred() : Bench.delivered());
        bench.engine.take(Bench.mail(1, "bob@a.test"));
        bench.idle();
        assertThat(bench.spool.committed).isEmpty();
        for (int i = 0; i < 3; i++) {
            bench.later(Duration.ofHours(5));
            bench.tryDue();
            bench.idle();
        }
        assertThat(bench.spool.committed).hasSize(1);
        assertThat(bench.stored(1).warned()).isTrue();
        assertThat(bench.stored(1).attempts().get(0).count()).isEqualTo(4);
    }

    @Test
    void forwarded_mail_goes_on_to_the_others_at_once() throws IOException {
        List<Address> others = List.of(Address.of("carol@b.test"));
        bench.transport((mail, to) ->
                to.address().localPart().equals("bob") ? new Outcome.Forwarded("", others) : Bench.delivered());
        bench.engine.take(Bench.mail(1, "bob@a.test"));
        bench.happenings.await("settle 1 [0]");
        assertThat(bench.stored(1).envelope().recipients())
                .extracting(r -> r.address().toString())
                .containsExactly("carol@b.test");
        bench.idle();
        bench.tryDue();
        bench.happenings.await("drop 1");
    }

    @Test
    void mail_whose_bytes_are_gone_is_held() throws IOException {
        bench.transport((mail, to) -> Bench.deferred());
        bench.engine.take(Bench.mail(1, "bob@a.test"));
        bench.idle();
        bench.spool.kept.clear();
        bench.later(Duration.ofHours(1));
        bench.tryDue();
        bench.idle();
        assertThat(bench.stored(1).held()).isTrue();
    }

    @Test
    void a_mail_in_hand_is_not_taken_twice() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger tries = new AtomicInteger();
        bench.transport((mail, to) -> {
            tries.incrementAndGet();
            await(go);
            return Bench.delivered();
        });
        Mail mail = Bench.mail(1, "bob@a.test");
        assertThat(bench.engine.take(mail)).isTrue();
        assertThat(bench.engine.take(mail)).isFalse();
        go.countDown();
        bench.idle();
        assertThat(tries).hasValue(1);
    }

    @Test
    void a_destination_that_hangs_does_not_block_the_others_and_what_is_delivered_is_settled_early() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        bench.transport((mail, to) -> {
            if (to.address().domain().equals("slow.test")) await(go);
            return Bench.delivered();
        });
        for (int i = 1; i <= 20; i++) bench.engine.take(Bench.mail(i, "bob@slow.test", "carol@fast.test"));
        bench.happenings.await(
                all -> all.stream().filter(h -> h.endsWith(" [1]")).count() == 20, "20 at the fast one");
        assertThat(bench.engine.busy()).isEqualTo(20);
        go.countDown();
        bench.idle();
    }

    @Test
    void what_did_not_begin_when_the_queue_stops_stays_where_it_is() throws Exception {
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch go = new CountDownLatch(1);
        bench.transport((mail, to) -> {
            begun.countDown();
            await(go);
            return Bench.delivered();
        });
        for (int i = 1; i <= 10; i++) bench.engine.take(Bench.mail(i, "bob@a.test"));
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        Thread closing = new Thread(bench::close);
        closing.start();
        bench.happenings.await(all -> bench.engine.busy() <= 2, "what waits is let go");
        go.countDown();
        closing.join(20_000);
        assertThat(bench.happenings.all()).hasSize(2).allMatch(h -> h.startsWith("settle"));
        assertThat(bench.store.mails).isEmpty();
    }

    @Test
    void what_comes_to_desks_that_stand_still_is_put_away_when_they_move_again() throws Exception {
        bench.close();
        bench = new Bench(Duration.ofSeconds(10), Duration.ofMillis(20));
        Set<Long> refused = ConcurrentHashMap.newKeySet();
        refused.addAll(List.of(1L, 2L, 3L, 4L, 5L, 6L));
        CountDownLatch atDesks = new CountDownLatch(2);
        CountDownLatch go = new CountDownLatch(1);
        slowStore(refused, atDesks, go);
        CountDownLatch slow = new CountDownLatch(1);
        bench.transport((mail, to) -> {
            if (to.address().domain().equals("slow.test")) await(slow);
            return Bench.deferred();
        });
        bench.engine.take(Bench.mail(6, "carol@slow.test"));
        for (int i = 1; i <= 5; i++) {
            bench.engine.take(Bench.mail(i, "bob@a.test"));
            bench.happenings.await("refused " + i);
        }
        // More than there are desks: somebody waits for one, and for too long.
        refused.removeAll(List.of(1L, 2L, 3L, 4L, 5L));
        assertThat(atDesks.await(20, TimeUnit.SECONDS)).isTrue();
        bench.engine.rules(bench.engine.rules());
        bench.later(Duration.ofSeconds(31));
        slow.countDown();
        bench.happenings.await("refused 6");
        CountDownLatch triedAgain = new CountDownLatch(1);
        bench.crew.laterMillis(500, triedAgain::countDown);
        await(triedAgain);
        refused.clear();
        go.countDown();
        for (int i = 1; i <= 6; i++) bench.happenings.await("put " + i);
    }

    /** Refuses some, and keeps the others waiting. */
    private void slowStore(Set<Long> refused, CountDownLatch there, CountDownLatch go) {
        bench.parts.stores().remove(bench.store);
        FakeStore store = new FakeStore(bench.happenings) {
            @Override
            public void put(QueuedMail mail) throws IOException {
                long id = mail.id().number();
                if (refused.contains(id)) {
                    bench.happenings.add("refused " + id);
                    throw new IllegalStateException("broken");
                }
                there.countDown();
                await(go);
                super.put(mail);
            }
        };
        bench.parts.stores().add(store, Map.of("name", "fake"));
    }

    @Test
    void under_load_with_faults_each_recipient_is_delivered_exactly_once() throws Exception {
        Random random = new Random(99);
        Map<String, AtomicInteger> deliveries = new ConcurrentHashMap<>();
        bench.transport((mail, to) -> {
            int dice;
            synchronized (random) {
                dice = random.nextInt(4);
            }
            if (dice == 0) return Bench.deferred();
            if (dice == 1) throw new IllegalStateException("broken");
            deliveries
                    .computeIfAbsent(mail.id() + " " + to.address(), k -> new AtomicInteger())
                    .incrementAndGet();
            return Bench.delivered();
        });
        for (int i = 1; i <= 500; i++)
            bench.engine.take(Bench.mail(i, Optional.empty(), "u1@a.test", "u2@b.test", "u3@c" + i % 7 + ".test"));
        bench.idle();
        while (!bench.store.mails.isEmpty()) {
            bench.later(Duration.ofMinutes(70));
            bench.tryDue();
            bench.idle();
        }
        assertThat(deliveries.size()).isEqualTo(1500);
        assertThat(deliveries.values().stream().filter(n -> n.get() != 1)).isEmpty();
        assertThat(bench.spool.kept).isEmpty();
    }

    @Test
    void a_bounce_of_ours_that_reaches_nobody_goes_to_the_postmaster_once() throws Exception {
        bench.transport((mail, to) -> Bench.failed());
        bench.engine.take(Bench.mail(1, "bob@a.test"));
        bench.happenings.await("commit to postmaster");
        bench.idle();
        assertThat(bench.spool.committed).hasSize(2);
        Recipient postmaster =
                bench.spool.committed.get(1).envelope().recipients().get(0);
        assertThat(postmaster.address()).isEqualTo(new Address("postmaster", ""));
    }

    @Test
    void mail_without_a_sender_from_elsewhere_is_answered_by_nobody() {
        bench.transport((mail, to) -> Bench.failed());
        bench.engine.take(Bench.mail(1, Optional.empty(), "bob@a.test"));
        bench.happenings.await("settle 1 [0]");
        assertThat(bench.spool.committed).isEmpty();
    }

    @Test
    void envelope_parameters_reach_the_transport_at_every_attempt() throws IOException {
        MailParameters with = new MailParameters(true, true, Optional.of("HDRS"), Optional.of("x"));
        Set<MailParameters> seen = ConcurrentHashMap.newKeySet();
        bench.transport((mail, to) -> {
            seen.add(mail.envelope().parameters());
            return mail.envelope().recipients().isEmpty() ? Bench.delivered() : Bench.deferred();
        });
        Envelope envelope = new Envelope(Optional.empty(), with, List.of(new Recipient(Address.of("bob@a.test"))));
        bench.engine.take(Bench.mail(1, envelope));
        bench.idle();
        bench.later(Duration.ofHours(1));
        bench.tryDue();
        bench.happenings.await("drop 1");
        assertThat(seen).containsExactly(with);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
