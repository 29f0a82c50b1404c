package org.posthorn.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.posthorn.api.lease.Probation;
import org.posthorn.api.mail.MailId;

class TellerTest {

    private static final MailEvent EVENT = new MailEvent.Waiting(MailId.of(1), Instant.EPOCH, Instant.EPOCH);

    private final List<MailEvent> first = new ArrayList<>();
    private final List<MailEvent> second = new ArrayList<>();
    private final Teller teller = new Teller();

    @Test
    void what_nobody_hears_is_told_all_the_same() {
        teller.tell(EVENT);
        MailEvents one = first::add;
        teller.add(one, Map.of());
        teller.tell(EVENT);
        teller.remove(one);
        teller.tell(EVENT);
        assertThat(first).hasSize(1);
    }

    @Test
    void the_new_one_hears_when_the_old_one_goes_behind_it() {
        MailEvents old = first::add;
        MailEvents fresh = second::add;
        teller.add(old, Map.of("service.id", 1L));
        teller.add(fresh, Map.of("service.id", 2L));
        teller.remove(old);
        teller.tell(EVENT);
        assertThat(first).isEmpty();
        assertThat(second).containsExactly(EVENT);
    }

    @Test
    void one_on_trial_hears_nothing_whatever_its_ranking() {
        teller.add(first::add, Map.of("service.id", 1L));
        Probation.begin(4711);
        teller.add(second::add, Map.of("service.id", 2L, "service.ranking", 10, "service.bundleid", 4711L));
        teller.tell(EVENT);
        Probation.end(4711);
        assertThat(second).isEmpty();
        teller.tell(EVENT);
        assertThat(first).hasSize(1);
        assertThat(second).hasSize(1);
    }

    @Test
    void what_one_who_hears_throws_is_not_the_tellers() {
        for (Throwable thrown : List.of(
                new IllegalStateException("no"), new NoClassDefFoundError("gone"), new OutOfMemoryError("none"))) {
            MailEvents throwing = event -> sneak(thrown);
            teller.add(throwing, Map.of());
            teller.tell(EVENT);
            teller.remove(throwing);
        }
        teller.add(first::add, Map.of());
        teller.tell(EVENT);
        assertThat(first).containsExactly(EVENT);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
