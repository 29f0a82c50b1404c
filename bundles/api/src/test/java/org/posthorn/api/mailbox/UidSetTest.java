package org.posthorn.api.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class UidSetTest {

    @Test
    void overlapping_and_touching_ranges_become_one() {
        UidSet set = UidSet.ofRanges(List.of(new UidSet.Range(5, 7), new UidSet.Range(1, 2), new UidSet.Range(3, 5)));
        assertThat(set).hasToString("1:7");
    }

    @Test
    void single_uids_are_gathered() {
        assertThat(UidSet.ofUids(LongStream.of(9, 1, 2, 4, 3, 4))).hasToString("1:4,9");
    }

    @Test
    void it_holds_what_is_in_its_ranges_alone() {
        UidSet set = UidSet.ofUids(LongStream.of(2, 3, 7));
        assertThat(LongStream.rangeClosed(1, 8).filter(set::contains)).containsExactly(2L, 3L, 7L);
        assertThat(set.size()).isEqualTo(3);
    }
}
