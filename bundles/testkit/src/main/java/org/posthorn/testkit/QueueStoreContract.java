package org.posthorn.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.FutureRelease;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Notify;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.api.queue.QueuedMail;

/** What every {@link QueueStore} keeps. */
public abstract class QueueStoreContract {

    private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

    private QueueStore store;

    /** An empty store. */
    protected abstract QueueStore open() throws Exception;

    /** The same store after a restart; empty when it is one that keeps nothing. */
    protected abstract Optional<QueueStore> reopen() throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        store = open();
    }

    @Test
    void what_is_put_is_got_back_whole() throws Exception {
        QueuedMail mail = full(1);
        store.put(mail);
        assertThat(store.get(mail.id())).contains(mail);
        assertThat(store.get(MailId.of(2))).isEmpty();
    }

    @Test
    void a_mail_with_a_thousand_recipients_and_long_replies_is_kept_whole() throws Exception {
        String reply = "451 4.7.1 " + "später ".repeat(280);
        List<Recipient> recipients = IntStream.range(0, 1000)
                .mapToObj(i -> new Recipient(Address.of("user" + i + "@müller.example")))
                .toList();
        List<QueuedMail.Attempts> attempts = recipients.stream()
                .map(r -> new QueuedMail.Attempts(true, 1, "mx.example.org", reply))
                .toList();
        QueuedMail mail = mail(5, START, false, recipients, attempts);
        store.put(mail);
        assertThat(store.get(mail.id())).contains(mail);
    }

    @Test
    void a_second_put_replaces_the_first() throws Exception {
        store.put(full(1));
        QueuedMail later = due(1, START.plusSeconds(60));
        store.put(later);
        assertThat(store.get(MailId.of(1))).contains(later);
        assertThat(store.size()).isEqualTo(1);
        assertThat(store.nextDue()).contains(START.plusSeconds(60));
    }

    @Test
    void what_is_removed_is_gone_and_removing_it_again_is_nothing() throws Exception {
        store.put(full(1));
        store.remove(MailId.of(1));
        store.remove(MailId.of(1));
        assertThat(store.get(MailId.of(1))).isEmpty();
        assertThat(store.size()).isZero();
        assertThat(store.nextDue()).isEmpty();
        assertThat(store.due(START.plusSeconds(9999), 10)).isEmpty();
    }

    @Test
    void mail_is_due_at_its_moment_and_the_longest_due_comes_first() throws Exception {
        store.put(due(1, START.plusMillis(1500)));
        store.put(due(2, START.plusMillis(500)));
        store.put(due(3, START.plusMillis(2500)));
        assertThat(store.due(START, 10)).isEmpty();
        assertThat(ids(store.due(START.plusMillis(1500), 10))).containsExactly(2L, 1L);
        assertThat(ids(store.due(START.plusSeconds(9), 2))).containsExactly(2L, 1L);
        assertThat(store.nextDue()).contains(START.plusMillis(500));
    }

    @Test
    void mail_that_is_due_behind_a_moment_is_found() throws Exception {
        store.put(due(1, START.plusMillis(1500)));
        store.put(due(2, START.plusMillis(1501)));
        store.put(mail(3, START.plusSeconds(9), true, List.of(), List.of()));
        store.put(due(4, START.plusSeconds(99)));
        assertThat(ids(store.dueAfter(START.plusMillis(1500), 10))).containsExactlyInAnyOrder(2L, 4L);
        assertThat(store.dueAfter(START, 2)).hasSize(2);
        assertThat(store.dueAfter(START.plusSeconds(99), 10)).isEmpty();
    }

    @Test
    void mail_that_waits_as_its_sender_wishes_is_due_at_its_time_and_no_clock_was_wrong() throws Exception {
        Instant release = START.plusSeconds(99);
        store.put(wished(1, release, release));
        store.put(wished(2, release.plusSeconds(1), release));
        assertThat(ids(store.dueAfter(START, 10))).as("2 was tried").containsExactly(2L);
        assertThat(store.nextDue()).contains(release);
        assertThat(store.due(release.minusMillis(1), 10)).isEmpty();
        assertThat(ids(store.due(release, 10))).containsExactly(1L);
        assertThat(reopen().orElse(store).dueAfter(START, 10)).hasSize(1);
        assertThat(store.get(MailId.of(1)).orElseThrow().envelope().parameters().release())
                .contains(new FutureRelease(release, "until;2026"));
    }

    private static QueuedMail wished(long id, Instant next, Instant release) {
        QueuedMail mail = due(id, next);
        MailParameters with = mail.envelope().parameters().with(new FutureRelease(release, "until;2026"));
        return new QueuedMail(
                mail.id(),
                mail.arrived(),
                mail.origin(),
                mail.envelope().with(with),
                mail.attempts(),
                mail.size(),
                false,
                next,
                false,
                false);
    }

    @Test
    void held_mail_is_never_due_but_listed() throws Exception {
        QueuedMail held = mail(1, START, true, List.of(), List.of());
        store.put(held);
        assertThat(store.due(START.plusSeconds(1), 10)).isEmpty();
        assertThat(store.nextDue()).isEmpty();
        assertThat(store.list(Optional.empty(), 10)).containsExactly(held);
        store.put(due(1, START));
        assertThat(ids(store.due(START, 10))).containsExactly(1L);
    }

    @Test
    void a_list_goes_page_by_page_in_order_of_id() throws Exception {
        for (long id : new long[] {5, 1, 4, 2, 3}) store.put(due(id, START.minusSeconds(id)));
        assertThat(ids(store.list(Optional.empty(), 2))).containsExactly(1L, 2L);
        assertThat(ids(store.list(Optional.of(MailId.of(2)), 2))).containsExactly(3L, 4L);
        assertThat(ids(store.list(Optional.of(MailId.of(4)), 2))).containsExactly(5L);
        assertThat(store.list(Optional.of(MailId.of(5)), 2)).isEmpty();
    }

    @Test
    void it_agrees_with_a_map_over_many_random_changes_and_a_restart() throws Exception {
        Random random = new Random(42);
        Map<MailId, QueuedMail> model = new TreeMap<>();
        for (int i = 0; i < 400; i++) {
            QueuedMail mail = mail(
                    random.nextInt(30),
                    START.plusMillis(random.nextInt(5000)),
                    random.nextInt(4) == 0,
                    List.of(),
                    List.of());
            if (random.nextInt(3) == 0) {
                store.remove(mail.id());
                model.remove(mail.id());
            } else {
                store.put(mail);
                model.put(mail.id(), mail);
            }
            if (i % 20 == 0) agree(store, model, START.plusMillis(random.nextInt(5000)));
        }
        Optional<QueueStore> restarted = reopen();
        if (restarted.isPresent()) agree(restarted.get(), model, START.plusMillis(2500));
    }

    @Test
    void what_is_put_outlives_a_restart() throws Exception {
        store.put(full(1));
        store.put(full(2));
        store.remove(MailId.of(2));
        Optional<QueueStore> restarted = reopen();
        if (restarted.isPresent())
            assertThat(restarted.get().list(Optional.empty(), 10)).containsExactly(full(1));
    }

    @Test
    void many_threads_at_once_lose_nothing() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                int first = t * 100;
                running.add(threads.submit(() -> putAndRemove(first)));
            }
            for (Future<?> each : running) each.get();
        } finally {
            threads.shutdown();
        }
        assertThat(store.size()).isEqualTo(8 * 20);
        assertThat(store.list(Optional.empty(), 1000)).hasSize(8 * 20).allMatch(m -> m.id().number() % 2 == 1);
    }

    private Void putAndRemove(int first) throws IOException {
        for (int i = 0; i < 40; i++) store.put(due(first + i, START));
        for (int i = 0; i < 40; i += 2) store.remove(MailId.of(first + i));
        return null;
    }

    private static void agree(QueueStore store, Map<MailId, QueuedMail> model, Instant now) throws IOException {
        assertThat(store.list(Optional.empty(), 1000)).containsExactlyElementsOf(model.values());
        assertThat(store.size()).isEqualTo(model.size());
        List<QueuedMail> waiting =
                model.values().stream().filter(m -> !m.held()).toList();
        assertThat(store.nextDue())
                .isEqualTo(waiting.stream().map(QueuedMail::next).min(Instant::compareTo));
        List<QueuedMail> due = store.due(now, 1000);
        assertThat(due).isSortedAccordingTo((a, b) -> a.next().compareTo(b.next()));
        assertThat(Set.copyOf(due))
                .isEqualTo(waiting.stream().filter(m -> !m.next().isAfter(now)).collect(Collectors.toSet()));
    }

    private static List<Long> ids(List<QueuedMail> mails) {
        return mails.stream().map(m -> m.id().number()).toList();
    }

    private static QueuedMail due(long id, Instant next) {
        return mail(id, next, false, List.of(), List.of());
    }

    private static QueuedMail full(long id) {
        Recipient bob = new Recipient(
                Address.of("\"b o b\"@example.org"), Set.of(Notify.FAILURE), Optional.of("rfc822;sales@example.org"));
        Recipient joerg = new Recipient(Address.of("jörg@müller.example"));
        return mail(
                id,
                START,
                false,
                List.of(bob, joerg),
                List.of(
                        new QueuedMail.Attempts(true, 3, "mx.example.org", "451 4.7.1 'later'; please\\"),
                        new QueuedMail.Attempts(false, 0, "", "")));
    }

    private static QueuedMail mail(
            long id, Instant next, boolean held, List<Recipient> recipients, List<QueuedMail.Attempts> attempts) {
        MailParameters with = new MailParameters(true, false, Optional.of("FULL"), Optional.of("QQ+3D1"));
        Envelope envelope = new Envelope(Optional.of(Address.of("alice@example.test")), with, recipients);
        Origin origin = Origin.local("mx.example.test");
        return new QueuedMail(MailId.of(id), START, origin, envelope, attempts, 4096, false, next, held, true);
    }
}
