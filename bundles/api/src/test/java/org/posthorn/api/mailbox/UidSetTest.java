package org.posthorn.api.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
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

    @Test
    void sets_are_cut_by_others() {
        Random random = new Random(1);
        for (int round = 0; round < 2000; round++) {
            List<Long> one = uids(random);
            List<Long> other = uids(random);
            UidSet in = set(one).within(set(other));
            UidSet out = set(one).without(set(other));
            assertThat(in).isEqualTo(set(one.stream().filter(other::contains).toList()));
            assertThat(out)
                    .isEqualTo(set(one.stream().filter(u -> !other.contains(u)).toList()));
        }
        assertThat(UidSet.ALL.without(UidSet.range(2, 0xFFFFFFFEL))).hasToString("1,4294967295");
    }

    private static List<Long> uids(Random random) {
        return LongStream.rangeClosed(1, random.nextInt(12))
                .filter(u -> random.nextInt(3) > 0)
                .boxed()
                .toList();
    }

    private static UidSet set(List<Long> uids) {
        return UidSet.ofUids(uids.stream().mapToLong(u -> u));
    }
}
