package org.posthorn.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.mail.MailId;

class BufferTest {

    private final Buffer buffer = new Buffer(10);

    @Test
    void what_does_not_fit_is_counted_and_nobody_waits() {
        List<Boolean> soon = IntStream.range(0, 15)
                .mapToObj(i -> buffer.put(Events.waiting(MailId.of(i + 1))))
                .toList();
        assertThat(soon).containsOnlyOnce(true).element(4).isEqualTo(true);
        List<MailEvent> drained = new ArrayList<>();
        assertThat(buffer.drain(drained::add)).isEqualTo(10);
        assertThat(drained)
                .extracting(e -> e.mail().number())
                .startsWith(1L, 2L)
                .endsWith(10L);
        assertThat(buffer.lost()).isEqualTo(5);
        assertThat(buffer.lost()).isZero();
        assertThat(buffer.isEmpty()).isTrue();
    }

    @Test
    void memory_is_bounded_when_nothing_can_be_written() {
        Drafts drafts = new Drafts(10_000);
        int lost = 0;
        for (int i = 1; i <= 1_000; i++) {
            drafts.add(Events.begun(MailId.of(i)), i);
            lost += drafts.tidy(i);
        }
        assertThat(lost).isBetween(900, 990);
        assertThat(drafts.find(MailId.of(1))).isEmpty();
        assertThat(drafts.find(MailId.of(1_000))).hasSize(1);
    }
}
