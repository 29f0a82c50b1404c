package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.api.spool.Pending;
import org.posthorn.api.spool.ShelfNote;
import org.posthorn.testkit.TestInspection;

/** Envelopes without octets, octets without an envelope, and what becomes of them. */
@Timeout(60)
class QueueInspectionTest {

    private final Bench bench = new Bench();
    private final Restart restart = new Restart(bench.engine, bench.crew, () -> false, () -> {});
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

    private QueueInspection over(TestInspection inspection) {
        return new QueueInspection(bench.engine, bench.waits, restart, inspection);
    }

    private List<String> told() throws IOException {
        TestInspection look = TestInspection.looking();
        over(look).run();
        return look.lines();
    }

    private List<String> mended() throws IOException {
        TestInspection repair = TestInspection.mending();
        over(repair).run();
        return repair.lines();
    }

    private Mail waits(long id) throws IOException {
        Mail mail = Bench.mail(id, "bob@a.test", "carol@a.test");
        bench.spool.keep(mail);
        bench.store.put(waiting(mail));
        return mail;
    }

    private static QueuedMail waiting(Mail mail) {
        QueuedMail.Attempts once = new QueuedMail.Attempts(true, 1, "", "");
        return new QueuedMail(
                mail.id(),
                Bench.START,
                mail.origin(),
                mail.envelope(),
                List.of(once, once),
                mail.message().size(),
                false,
                Bench.START.plusSeconds(300),
                false,
                false);
    }

    @Test
    void a_mail_with_octets_and_envelope_is_well() throws IOException {
        waits(1);
        assertThat(told()).isEmpty();
        assertThat(mended()).isEmpty();
    }

    @Test
    void what_the_store_has_lost_is_taken_back_by_a_start_and_what_is_over_is_not() throws IOException {
        waits(1);
        Mail over = waits(2);
        bench.store.mails.clear();
        bench.spool.drop(over.id());
        new QueueInspection(bench.engine, bench.waits, restart, new Amends()).lost();
        bench.tryDue();
        bench.idle();
        assertThat(tried).containsExactlyInAnyOrder("1 bob", "1 carol");
        assertThat(bench.happenings.all()).containsSubsequence("nobody waits for 1", "remove 1", "drop 1");
    }

    @Test
    void octets_that_cannot_be_read_are_told_of_and_keep_no_other_from_being_taken_back() throws IOException {
        waits(1);
        waits(2);
        bench.spool.unreadable.add(MailId.of(1));
        assertThat(told()).as("a mail that waits").hasSize(1).first().asString().contains("cannot be read");
        bench.store.mails.clear();
        assertThat(told()).hasSize(2).anyMatch(line -> line.contains("cannot be read"));
        new QueueInspection(bench.engine, bench.waits, restart, new Amends()).lost();
        assertThat(bench.store.mails).containsOnlyKeys(MailId.of(2));
        bench.spool.unreadable.clear();
        assertThat(mended()).hasSize(1);
        assertThat(bench.store.mails).containsOnlyKeys(MailId.of(1), MailId.of(2));
    }

    @Test
    void octets_that_cannot_be_read_keep_no_other_from_being_swept() throws IOException {
        for (long id = 1; id <= 20; id++) {
            Mail mail = waits(id);
            bench.spool.keep(new Mail(
                    mail.id(), mail.arrived(), mail.origin(), mail.envelope().with(List.of()), mail.message(), false));
        }
        bench.store.mails.clear();
        bench.spool.unreadable.add(MailId.of(7));
        new Litter(bench.engine).sweep();
        assertThat(bench.spool.kept).containsOnlyKeys(MailId.of(7));
    }

    @Test
    void octets_that_the_store_has_lost_wait_again_for_those_who_waited() throws IOException {
        Mail mail = waits(1);
        bench.store.mails.clear();
        assertThat(told()).hasSize(1).first().asString().contains(mail.id().text(), "is tried again");
        assertThat(bench.store.mails).as("a look changes nothing").isEmpty();
        mended();
        bench.tryDue();
        bench.idle();
        assertThat(tried).containsExactlyInAnyOrder("1 bob", "1 carol");
        assertThat(mended()).isEmpty();
    }

    @Test
    void octets_of_which_nobody_knows_whose_they_are_are_told_of() throws IOException {
        Mail mail = waits(1);
        bench.store.mails.clear();
        bench.spool.notes.clear();
        assertThat(told())
                .hasSize(1)
                .first()
                .asString()
                .contains("who waits for it is not noted", "deleted a day after");
        assertThat(mended()).hasSize(1);
        assertThat(bench.spool.message(mail.id())).isPresent();
    }

    @Test
    void a_mail_in_hand_or_in_the_journal_or_in_another_store_is_not_lost() throws IOException {
        Mail held = waits(1);
        Mail journaled = waits(2);
        Mail elsewhere = waits(3);
        bench.store.mails.clear();
        bench.engine.claim(held.id());
        bench.spool.pending = List.of(new Pending(journaled, Set.of(), List.of(), false));
        FakeStore other = new FakeStore(new Happenings());
        other.put(waiting(elsewhere));
        bench.parts.stores().add(other, Map.of("name", "other"));
        assertThat(told()).isEmpty();
        bench.engine.release(held.id());
    }

    @Test
    void a_record_that_cannot_be_read_now_stays_as_it_is() throws IOException {
        Mail mail = waits(1);
        QueuedMail held = Changed.held(bench.stored(1), true);
        bench.store.mails.put(mail.id(), held);
        bench.store.unreadable = Optional.of(mail.id());
        assertThat(mended()).hasSize(1).first().asString().contains("cannot be read", "torn", "stays as it is");
        assertThat(bench.stored(1)).isEqualTo(held);
    }

    @Test
    void an_envelope_without_octets_leaves_the_queue() throws IOException {
        waits(1);
        bench.spool.kept.clear();
        assertThat(told())
                .hasSize(1)
                .first()
                .asString()
                .contains("<alice@sender.test> to <bob@a.test>, <carol@a.test>");
        assertThat(bench.stored(1)).isNotNull();
        mended();
        assertThat(bench.stored(1)).isNull();
        assertThat(mended()).isEmpty();
    }

    @Test
    void damaged_octets_are_held_for_a_person() throws IOException {
        waits(1);
        bench.spool.damaged.add(MailId.of(1));
        assertThat(told()).hasSize(1);
        mended();
        assertThat(bench.stored(1).held()).isTrue();
        assertThat(mended()).isEmpty();
    }

    @Test
    void what_a_repair_put_into_the_journal_is_delivered_once() throws IOException {
        MailboxStore mailboxes = (MailboxStore) Proxy.newProxyInstance(
                MailboxStore.class.getClassLoader(), new Class<?>[] {MailboxStore.class}, (p, m, a) -> List.of());
        bench.parts.mailboxes().add(mailboxes, Map.of());
        restart.begin(bench.spool);
        Mail mail = Bench.mail(7, "bob@a.test");
        bench.spool.pending = List.of(new Pending(mail, Set.of(), List.of(), false));
        TestInspection early = TestInspection.looking();
        over(early).journal();
        assertThat(early.lines()).as("it may be added at this moment").isEmpty();
        bench.later(Duration.ofMinutes(2));
        TestInspection look = TestInspection.looking();
        over(look).journal();
        assertThat(look.lines()).hasSize(1).first().asString().contains("nobody has it in hand");
        assertThat(tried).isEmpty();
        over(TestInspection.mending()).journal();
        bench.happenings.await("settle 7 [0]");
        assertThat(restart.isNew(mail.id()))
                .as("whoever adds it now comes too late")
                .isFalse();
        bench.idle();
        assertThat(tried).containsExactly("7 bob");
    }

    @Test
    void what_a_repair_has_just_brought_back_is_known_by_its_id() throws IOException {
        Mail mail = Bench.mail(Bench.START.plusSeconds(60).getEpochSecond() * 1_000_000, "bob@a.test");
        bench.spool.pending = List.of(new Pending(mail, Set.of(), List.of(), false));
        TestInspection look = TestInspection.looking();
        over(look).journal();
        assertThat(look.lines()).hasSize(1);
    }

    @Test
    void mail_that_was_taken_from_a_shelf_again_or_lies_there_for_another_alone_is_told_of() throws IOException {
        ShelfNote lies = new ShelfNote.Shelved(0, "bob@a.test", "INBOX", 1, 7, "key", 100);
        ShelfNote none = new ShelfNote.Moved(0, "INBOX", 0, 0, "key");
        Mail alone = Bench.mail(7, "bob@a.test");
        Mail two = Bench.mail(8, "bob@a.test", "carol@a.test");
        Mail shelved = Bench.mail(9, "bob@a.test");
        bench.spool.pending = List.of(
                new Pending(alone, Set.of(), List.of(lies, none), false),
                new Pending(two, Set.of(0), List.of(lies), false),
                new Pending(shelved, Set.of(), List.of(lies, none, lies), false));
        bench.later(Duration.ofMinutes(2));
        TestInspection look = TestInspection.looking();
        over(look).journal();
        assertThat(look.lines())
                .hasSize(2)
                .anySatisfy(line -> assertThat(line).contains(alone.id().text()))
                .anySatisfy(line -> assertThat(line).contains(two.id().text()));
    }

    @Test
    void mail_that_is_settled_between_look_and_claim_is_left_alone() throws IOException {
        Mail mail = Bench.mail(7, "bob@a.test");
        restart.take(bench.spool, mail.id());
        assertThat(bench.engine.holds(mail.id())).isFalse();
        assertThat(tried).isEmpty();
    }
}
