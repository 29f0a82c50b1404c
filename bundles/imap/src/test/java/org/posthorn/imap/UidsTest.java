package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mailbox.UidSet;

class UidsTest {

    private static UidSet set(TreeSet<Long> uids) {
        return UidSet.ofUids(uids.stream().mapToLong(u -> u));
    }

    private static TreeSet<Long> some(Random random, int most) {
        TreeSet<Long> uids = new TreeSet<>();
        long from = 1 + random.nextInt(5);
        for (int i = random.nextInt(most); i > 0; i--)
            uids.add(from += random.nextInt(10) < 7 ? 1 : 1 + random.nextInt(9));
        return uids;
    }

    /** Against a plain sorted set, at random (seeded). */
    @Test
    void view_agrees_with_a_sorted_set() {
        Random random = new Random(1);
        for (int round = 0; round < 3000; round++) {
            TreeSet<Long> plain = some(random, 60);
            TreeSet<Long> other = some(random, 60);
            Uids view = new Uids();
            plain.forEach(view::add);
            check(view, plain);
            check(new Uids(view.all()), plain);
            TreeSet<Long> both = new TreeSet<>(plain);
            both.retainAll(other);
            assertThat(view.within(set(other)).stream().boxed()).containsExactlyElementsOf(both);
            TreeSet<Long> rest = new TreeSet<>(plain);
            rest.removeAll(other);
            Uids without = view.without(set(other));
            check(without, rest);
            long next = without.last() + 1 + random.nextInt(2);
            without.add(next);
            rest.add(next);
            check(without, rest);
        }
    }

    private static void check(Uids view, TreeSet<Long> plain) {
        List<Long> inOrder = List.copyOf(plain);
        assertThat(view.size()).isEqualTo(inOrder.size());
        assertThat(view.last()).isEqualTo(inOrder.isEmpty() ? 0 : plain.last());
        assertThat(view.all()).isEqualTo(set(plain));
        for (int i = 0; i < inOrder.size(); i++) {
            assertThat(view.uid(i + 1)).isEqualTo(inOrder.get(i));
            assertThat(view.sequence(inOrder.get(i))).isEqualTo(i + 1);
        }
        for (long uid = 0; uid < view.last() + 2; uid++)
            if (!plain.contains(uid)) assertThat(view.sequence(uid)).isZero();
        for (int from = 1; from <= inOrder.size(); from += 7)
            assertThat(view.at(UidSet.range(from, inOrder.size())).stream().boxed())
                    .containsExactlyElementsOf(inOrder.subList(from - 1, inOrder.size()));
    }

    @Test
    void text_forms_are_compact_and_keep_order() {
        assertThat(Text.inOrder(List.of(7L, 8L, 9L, 3L, 5L, 6L))).isEqualTo("7:9,3,5:6");
        assertThat(Suspension.set("1:3,7").toString()).isEqualTo("1:3,7");
        assertThat(Suspension.set("")).isEqualTo(UidSet.EMPTY);
    }
}
