package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.api.delivery.Transport;
import org.posthorn.api.queue.QueuedMail;

@Timeout(60)
class ComebackTest {

    private final Bench bench = new Bench(Duration.ofMillis(50));

    @AfterEach
    void close() {
        bench.close();
    }

    /** One that waits by now, and a queue that tries what waits. */
    private void waits(String... to) {
        bench.engine.take(Bench.mail(1, to));
        bench.happenings.await("put 1");
        bench.idle();
        bench.waits.start();
        new Comeback(bench.engine, bench.crew, bench.waits).start();
    }

    @Test
    void mail_that_waits_for_a_missing_transport_is_tried_when_that_has_come() {
        waits("bob@a.test");
        bench.transport((mail, to) -> Bench.delivered());
        bench.happenings.await("drop 1");
        assertThat(bench.store.mails).isEmpty();
    }

    @Test
    void mail_that_a_transport_broke_on_is_tried_when_another_is_in_its_place_and_no_pause_grows() {
        Transport broken = (mail, recipients, hop) -> {
            throw new IllegalStateException("broken");
        };
        bench.transport(broken);
        waits("bob@a.test");
        bench.happenings.await(
                all -> all.stream().filter("put 1"::equals).count() >= 3, "tried once more, and put off again");
        bench.idle();
        assertThat(bench.stored(1).attempts())
                .extracting(QueuedMail.Attempts::count)
                .containsExactly(1);
        bench.transport((mail, to) -> Bench.delivered());
        bench.parts.transports().remove(broken);
        bench.happenings.await("drop 1");
    }

    @Test
    void mail_that_waits_for_another_host_keeps_its_date() {
        AtomicInteger tries = new AtomicInteger();
        bench.transport((mail, to) -> {
            tries.incrementAndGet();
            return Bench.deferred();
        });
        bench.engine.take(Bench.mail(2, "carol@b.test"));
        bench.happenings.await("put 2");
        bench.idle();
        waits("bob@broken.test");
        bench.happenings.await(all -> all.stream().filter("put 1"::equals).count() >= 3, "bob is tried again");
        bench.idle();
        assertThat(tries).hasValue(1);
    }
}
