package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.api.delivery.Transport;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.api.spool.Pending;
import org.posthorn.api.spool.Spool;

@Timeout(60)
class RestartTest {

    private final Bench bench = new Bench();
    private final AtomicBoolean another = new AtomicBoolean();
    private final Restart restart =
            new Restart(bench.engine, bench.crew, another::get, () -> bench.happenings.add("claimed"));
    private final List<String> tried = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void transport() {
        bench.transport((mail, to) -> {
            tried.add(mail.id().number() + " " + to.address().localPart());
            return Bench.delivered();
        });
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void only_what_is_neither_settled_nor_on_a_shelf_is_delivered() {
        bench.spool.pending = List.of(
                pending(1, Set.of(0), "bob@a.test", "carol@a.test", "dave@a.test"), pending(2, Set.of(), "bob@a.test"));
        mailboxes(pending -> pending.mail().id().number() == 1 ? List.of(2) : List.of());
        restart.begin(bench.spool);
        bench.happenings.await("settle 1 [1]");
        bench.happenings.await("settle 2 [0]");
        assertThat(tried).containsExactlyInAnyOrder("1 carol", "2 bob");
    }

    @Test
    void nothing_is_tried_before_the_shelves_can_be_asked() {
        bench.spool.pending = List.of(pending(1, Set.of(), "bob@a.test"));
        restart.begin(bench.spool);
        bench.engine.take(Bench.mail(2, "carol@a.test"));
        bench.happenings.await("settle 2 [0]");
        assertThat(tried).containsExactly("2 carol");
        mailboxes(pending -> List.of());
        bench.happenings.await("settle 1 [0]");
    }

    @Test
    void what_waits_in_the_store_already_is_settled_and_not_tried() {
        Mail mail = Bench.mail(1, "bob@a.test", "carol@a.test");
        Mail waiting = Bench.mail(1, "bob@a.test");
        bench.store.mails.put(mail.id(), waiting(waiting, Bench.START.plusSeconds(300)));
        bench.spool.pending = List.of(new Pending(mail, Set.of(), List.of(), false));
        mailboxes(pending -> List.of());
        restart.begin(bench.spool);
        bench.happenings.await("settle 1 [0, 1]");
        assertThat(tried).containsExactly("1 carol");
        assertThat(bench.stored(1)).isNotNull();
    }

    private static QueuedMail waiting(Mail mail, Instant next) {
        return new QueuedMail(
                mail.id(),
                Bench.START,
                mail.origin(),
                mail.envelope(),
                List.of(new QueuedMail.Attempts(true, 1, "", "")),
                1,
                false,
                next,
                false,
                false);
    }

    @Test
    void what_waits_and_stands_in_the_journal_too_is_tried_once() throws IOException {
        Mail mail = Bench.mail(1, "bob@a.test");
        bench.spool.kept.put(mail.id(), mail.message());
        bench.store.mails.put(mail.id(), waiting(mail, Bench.START));
        bench.spool.pending = List.of(new Pending(mail, Set.of(), List.of(), false));
        restart.begin(bench.spool);
        bench.happenings.await("claimed");
        bench.tryDue();
        mailboxes(pending -> List.of());
        bench.happenings.await("settle 1 [0]");
        bench.idle();
        assertThat(tried).isEmpty();
        bench.tryDue();
        bench.happenings.await("drop 1");
        assertThat(tried).containsExactly("1 bob");
    }

    @Test
    void what_was_kept_and_not_told_to_the_store_is_tried_from_the_journal_alone() throws IOException {
        Mail mail = Bench.mail(1, "bob@a.test");
        bench.spool.keep(mail);
        bench.spool.pending = List.of(new Pending(mail, Set.of(), List.of(), false));
        mailboxes(pending -> List.of());
        restart.begin(bench.spool);
        bench.happenings.await("settle 1 [0]");
        bench.idle();
        bench.spool.pending = List.of();
        new QueueInspection(bench.engine, bench.waits, restart, new Amends()).lost();
        bench.tryDue();
        bench.idle();
        assertThat(tried).containsExactly("1 bob");
        assertThat(bench.spool.kept).isEmpty();
    }

    @Test
    void bytes_that_nobody_names_are_swept_when_their_mail_is_too_old_to_wait() throws IOException {
        long now = Bench.START.getEpochSecond() * 1_000_000;
        Mail young = Bench.mail(now, "bob@a.test");
        Mail journaled = Bench.mail(1, "bob@a.test");
        Mail stored = Bench.mail(2, "bob@a.test");
        for (Mail mail : List.of(young, journaled, stored, Bench.mail(3, "bob@a.test")))
            bench.spool.kept.put(mail.id(), mail.message());
        bench.spool.pending = List.of(new Pending(journaled, Set.of(), List.of(), false));
        bench.store.mails.put(stored.id(), waiting(stored, Bench.START));
        Mail lost = Bench.mail(4, "bob@a.test");
        bench.spool.keep(lost);
        new Litter(bench.engine).sweep();
        assertThat(bench.spool.kept).containsOnlyKeys(young.id(), journaled.id(), stored.id(), lost.id());
    }

    @Test
    void deferred_again_it_joins_what_waits() {
        Mail mail = Bench.mail(1, "bob@a.test", "carol@broken.test");
        bench.engine.take(Bench.mail(1, "dave@broken.test"));
        bench.happenings.await("settle 1 [0]");
        bench.idle();
        bench.spool.pending = List.of(new Pending(mail, Set.of(0), List.of(), false));
        mailboxes(pending -> List.of());
        restart.begin(bench.spool);
        bench.happenings.await("settle 1 [1]");
        assertThat(bench.stored(1).envelope().recipients())
                .extracting(r -> r.address().localPart())
                .containsExactly("dave", "carol");
        assertThat(bench.stored(1).attempts()).hasSize(2);
    }

    @Test
    void a_shelf_that_cannot_be_read_is_asked_again() {
        AtomicInteger asked = new AtomicInteger();
        bench.spool.pending = List.of(pending(1, Set.of(), "bob@a.test"), pending(2, Set.of(), "bob@a.test"));
        mailboxes(pending -> {
            if (pending.mail().id().number() == 1 && asked.incrementAndGet() == 1)
                throw new IOException("Input/output error");
            return List.of();
        });
        restart.begin(bench.spool);
        bench.happenings.await("settle 2 [0]");
        assertThat(tried).containsExactly("2 bob");
        bench.happenings.await("settle 1 [0]");
    }

    @Test
    void the_queue_before_this_one_ends_first_and_what_came_to_us_is_not_taken_for_its() {
        another.set(true);
        mailboxes(pending -> List.of());
        bench.spool.pending = List.of(pending(1, Set.of(), "bob@a.test"), pending(2, Set.of(), "carol@a.test"));
        restart.begin(bench.spool);
        assertThat(restart.isNew(MailId.of(2))).isTrue();
        assertThat(tried).isEmpty();
        another.set(false);
        bench.happenings.await("settle 1 [0]");
        assertThat(tried).containsExactly("1 bob");
        assertThat(restart.isNew(MailId.of(1))).isFalse();
        assertThat(restart.isNew(MailId.of(3))).isTrue();
    }

    @Test
    void a_report_that_is_made_while_the_queue_before_this_one_ends_is_sent_once() throws Exception {
        another.set(true);
        mailboxes(pending -> List.of());
        restart.begin(bench.spool);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        bench.parts.transports().add(slowForReports(begun, go), Map.of("name", "fake", "service.ranking", 1));
        bench.engine.take(Bench.mail(1, "bob@a.test"));
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        Mail report = bench.spool.committed.get(0);
        bench.spool.pending =
                List.of(new Pending(report, Set.of(), List.of(), false), pending(2, Set.of(), "c@a.test"));
        another.set(false);
        bench.happenings.await("settle 2 [0]");
        go.countDown();
        bench.idle();
        assertThat(tried).containsExactlyInAnyOrder("2 c", report.id().number() + " alice");
    }

    @Test
    void what_is_settled_between_the_look_at_the_journal_and_the_claim_is_not_sent_again() {
        Iterator<List<Pending>> looks = List.of(
                        List.of(pending(1, Set.of(), "bob@a.test"), pending(2, Set.of(), "c@a.test", "d@a.test")),
                        List.of(pending(2, Set.of(0), "c@a.test", "d@a.test")))
                .iterator();
        mailboxes(pending -> List.of());
        restart.begin((Spool) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Spool.class}, (proxy, method, none) -> looks.next()));
        bench.happenings.await("settle 2 [1]");
        bench.idle();
        assertThat(tried).containsExactly("2 d");
    }

    @Test
    void a_journal_that_cannot_be_read_behind_the_claim_is_looked_at_again() {
        AtomicInteger looks = new AtomicInteger();
        mailboxes(pending -> List.of());
        restart.begin((Spool) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Spool.class}, (proxy, method, none) -> {
                    if (looks.incrementAndGet() == 2) throw new IOException("Input/output error");
                    return List.of(pending(1, Set.of(), "bob@a.test"));
                }));
        bench.happenings.await("settle 1 [0]");
        bench.idle();
        assertThat(tried).containsExactly("1 bob");
    }

    /** Whose mail fails, and whose reports are slow. */
    private Transport slowForReports(CountDownLatch begun, CountDownLatch go) {
        return (mail, recipients, hop) -> {
            boolean report = mail.envelope().sender().isEmpty();
            if (mail.id().number() == 1) return Map.of(recipients.get(0), Bench.failed());
            tried.add(mail.id().number() + " " + recipients.get(0).address().localPart());
            begun.countDown();
            if (report) await(go);
            return Map.of(recipients.get(0), Bench.delivered());
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Pending pending(long id, Set<Integer> settled, String... to) {
        return new Pending(Bench.mail(id, to), settled, List.of(), false);
    }

    private interface Shelved {
        Collection<Integer> of(Pending pending) throws IOException;
    }

    private void mailboxes(Shelved shelved) {
        MailboxStore store = (MailboxStore) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {MailboxStore.class},
                (proxy, method, arguments) -> method.getName().equals("shelved")
                        ? shelved.of((Pending) arguments[0])
                        : proxy == arguments[0]);
        bench.parts.mailboxes().add(store, Map.of());
    }
}
