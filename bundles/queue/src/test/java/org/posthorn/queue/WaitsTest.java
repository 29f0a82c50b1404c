package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.api.mail.MailId;

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
        assertThatThrownBy(bench::tryDue).hasMessageContaining(MailId.of(1).text());
        bench.happenings.await("nobody waits for 2");
        assertThat(tried).containsExactly(2L);
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
