package org.posthorn.queue;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
        bench.later(java.time.Duration.ofMinutes(6));
        bench.waits.wake();
        bench.happenings.await("drop 1");
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
