package org.posthorn.api.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WakeningTest {

    private static final int AT_ONCE = 8;

    private final List<Throwable> late = new ArrayList<>();
    private final Wakening wakening = new Wakening(AT_ONCE, late::add);
    private final List<Client> awake = new ArrayList<>();

    /** Looks for as long as the test will have it. */
    private final class Client implements Wakening.Sleeper {

        private CompletableFuture<Void> looking;

        @Override
        public CompletableFuture<Void> wake(long mostMillis) {
            awake.add(this);
            looking = new CompletableFuture<>();
            return looking;
        }
    }

    private List<Client> clients(int many) {
        return IntStream.range(0, many).mapToObj(n -> new Client()).toList();
    }

    @Test
    void few_look_at_a_time_and_each_in_its_turn() {
        List<Client> all = clients(3 * AT_ONCE);
        wakening.begin(all);
        assertThat(awake).isEqualTo(all.subList(0, AT_ONCE));
        awake.get(3).looking.complete(null);
        assertThat(awake).isEqualTo(all.subList(0, AT_ONCE + 1));
        for (int n = 0; n < all.size(); n++) awake.get(n).looking.complete(null);
        assertThat(awake).isEqualTo(all);
    }

    @Test
    void one_that_waits_is_not_asked_twice_and_one_that_looks_is() {
        List<Client> all = clients(AT_ONCE + 2);
        wakening.begin(all);
        wakening.begin(all);
        assertThat(awake).hasSize(AT_ONCE);
        for (int n = 0; n < awake.size(); n++) awake.get(n).looking.complete(null);
        assertThat(awake).hasSize(all.size() + AT_ONCE).startsWith(all.toArray(new Client[0]));
    }

    @Test
    void those_who_look_at_once_leave_the_turn_to_others() {
        List<Wakening.Sleeper> quick = new ArrayList<>();
        for (int n = 0; n < 10_000; n++) {
            CompletableFuture<Void> looked = CompletableFuture.completedFuture(null);
            quick.add(most -> looked);
        }
        List<Client> slow = clients(1);
        quick.addAll(slow);
        wakening.begin(quick);
        assertThat(awake).isEqualTo(slow);
    }

    @Test
    void one_that_cannot_be_woken_keeps_nobody_from_it() {
        List<Wakening.Sleeper> failing = IntStream.range(0, 2 * AT_ONCE)
                .<Wakening.Sleeper>mapToObj(n -> most -> {
                    throw new OutOfMemoryError("no thread for " + n);
                })
                .toList();
        wakening.begin(failing);
        List<Client> all = clients(2);
        wakening.begin(all);
        assertThat(awake).isEqualTo(all);
        assertThat(late).hasSize(failing.size());
    }
}
