package org.posthorn.imap.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.mime.Casemap;

class ThreadingTest {

    private static final int MANY = 100_000;

    private static Threaded message(long uid, String... references) {
        Entry entry = new Entry(uid, Flags.NONE, 1, 1, Instant.EPOCH, Instant.EPOCH, uid);
        return new Threaded(entry, Instant.EPOCH, "x", false, List.of("m" + uid), List.of(references));
    }

    @Test
    void thread_may_be_as_deep_as_a_mailbox_is_large() {
        List<Threaded> chain = new ArrayList<>();
        for (long uid = 1; uid <= MANY; uid++) chain.add(message(uid, "m" + (uid - 1)));
        String told = References.of(chain).told(Entry::uid);
        assertThat(told).startsWith("(1 2 3 4 ").endsWith(" 99999 100000)");
    }

    @Test
    void it_may_be_told_of_from_below() {
        List<Threaded> chain = new ArrayList<>();
        for (long uid = MANY; uid > 0; uid--) chain.add(message(uid, "m" + (uid - 1)));
        String told = References.of(chain).told(Entry::uid);
        assertThat(told).startsWith("(1 2 3 4 ").endsWith(" 99999 100000)");
    }

    @Test
    void what_a_search_keeps_is_bounded() throws Exception {
        Budget budget = new Budget();
        budget.take(16 << 20);
        assertThatThrownBy(() -> budget.take(1))
                .isInstanceOf(MailboxFault.class)
                .hasMessageContaining("fewer messages");
    }

    @Test
    void keys_are_cut_behind_what_their_characters_become() {
        assertThat(Casemap.octets("\ufdfa".repeat(500), 500)).hasSize(500);
        assertThat(Casemap.octets("\u00e4b", 500)).isEqualTo(Casemap.octets("A\u0308B", 500));
    }
}
