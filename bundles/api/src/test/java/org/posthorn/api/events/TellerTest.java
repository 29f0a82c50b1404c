package org.posthorn.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
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
        teller.add(one);
        teller.tell(EVENT);
        teller.remove(one);
        teller.tell(EVENT);
        assertThat(first).hasSize(1);
    }

    @Test
    void the_new_one_hears_when_the_old_one_goes_behind_it() {
        MailEvents old = first::add;
        MailEvents fresh = second::add;
        teller.add(old);
        teller.add(fresh);
        teller.remove(old);
        teller.tell(EVENT);
        assertThat(first).isEmpty();
        assertThat(second).containsExactly(EVENT);
    }
}
