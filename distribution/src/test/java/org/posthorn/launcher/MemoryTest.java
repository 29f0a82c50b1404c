package org.posthorn.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryTest {
    /** Nothing of this may be logged where memory lacks, so it has no message to put together. */
    private static final OutOfMemoryError LACK = new OutOfMemoryError();

    private final List<String> ends = new ArrayList<>();
    private final Made heap = new Made();
    private final Memory memory = new Memory(heap, () -> ends.add("ended"));

    private static final class Made implements Memory.Heap {
        private long used;
        private long collections;
        private boolean lacks;
        private boolean collects;

        @Override
        public long size() {
            return 100 << 20;
        }

        @Override
        public long used() {
            if (lacks) throw LACK;
            return used;
        }

        @Override
        public long collections() {
            return collections;
        }

        @Override
        public void collect() {
            if (collects) collections++;
        }
    }

    private void look(long mebi, int times) {
        heap.used = mebi << 20;
        for (int i = 0; i < times; i++) {
            heap.collections++;
            memory.lookOnce();
        }
    }

    @Test
    void a_heap_that_stays_full_ends_the_process() {
        look(96, 4);
        assertThat(ends).isEmpty();
        look(96, 1);
        assertThat(ends).hasSize(1);
    }

    @Test
    void a_heap_that_has_room_again_goes_on() {
        look(100, 4);
        look(95, 1);
        look(100, 4);
        assertThat(ends).isEmpty();
    }

    @Test
    void what_the_same_collection_left_counts_once() {
        look(100, 4);
        for (int i = 0; i < 10; i++) memory.lookOnce();
        assertThat(ends).isEmpty();
    }

    @Test
    void a_server_at_rest_is_asked_whether_its_heap_is_still_full() {
        heap.collects = true;
        look(100, 1);
        for (int i = 0; i < 4; i++) memory.lookOnce();
        assertThat(ends).hasSize(1);
    }

    @Test
    void a_look_that_finds_no_memory_for_itself_has_seen_enough_of_a_full_heap() {
        heap.lacks = true;
        look(0, 4);
        assertThat(ends).isEmpty();
        look(0, 1);
        assertThat(ends).hasSize(1);
    }

    @Test
    void a_thread_that_died_of_it_ends_the_process_and_of_anything_else_does_not() {
        memory.uncaughtException(Thread.currentThread(), new IllegalStateException("made for this test"));
        assertThat(ends).isEmpty();
        memory.uncaughtException(Thread.currentThread(), LACK);
        assertThat(ends).hasSize(1);
    }

    @Test
    void the_heap_of_this_jvm_is_seen() {
        System.gc();
        Memory.Heap jvm = new Memory.Pools();
        assertThat(jvm.collections()).isPositive();
        assertThat(jvm.used()).isBetween(1L, jvm.size());
    }
}
