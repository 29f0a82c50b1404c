package org.posthorn.api.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LeasedTest {

    private final Leased<String> leased = new Leased<>(Duration.ofSeconds(5));

    @Test
    void the_highest_ranking_then_the_oldest_is_leased() {
        leased.add("old", Map.of("service.id", 1L));
        leased.add("young", Map.of("service.id", 2L));
        assertThat(taken()).isEqualTo("old");
        leased.add("ranked", Map.of("service.id", 3L, "service.ranking", 10));
        assertThat(taken()).isEqualTo("ranked");
    }

    @Test
    void one_is_there_at_each_moment_while_each_is_replaced_by_the_next() throws Exception {
        leased.add("a", Map.of("name", "x"));
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Void> replacing = CompletableFuture.runAsync(() -> {
            for (int i = 0; !over.get(); i++) {
                leased.add(i % 2 == 0 ? "b" : "a", Map.of("name", "x"));
                leased.remove(i % 2 == 0 ? "a" : "b");
            }
        });
        try {
            for (int i = 0; i < 20_000 && !replacing.isDone(); i++) {
                leased.lease().orElseThrow().close();
                leased.lease("x").orElseThrow().close();
                List<Lease<String>> all = leased.all();
                all.forEach(Lease::close);
                assertThat(all).hasSize(1);
            }
        } finally {
            over.set(true);
        }
        replacing.get();
    }

    @Test
    void what_is_on_trial_is_not_there_whatever_its_ranking() {
        Map<String, Object> tried =
                Map.of("name", "a", "service.id", 2L, "service.ranking", 10, "service.bundleid", 77L);
        leased.add("old", Map.of("name", "a", "service.id", 1L, "service.bundleid", 76L));
        Probation.begin(77);
        leased.add("new", tried);
        leased.add("more", Map.of("name", "b", "service.id", 3L, "service.bundleid", 77L));
        assertThat(taken()).isEqualTo("old");
        assertThat(leased.lease("a").orElseThrow().get()).isEqualTo("old");
        assertThat(leased.lease("b")).isEmpty();
        assertThat(leased.all()).extracting(Lease::get).containsExactly("old");
        assertThat(leased.names()).containsExactly("a");
        Probation.end(77);
        assertThat(taken()).isEqualTo("new");
        assertThat(leased.names()).containsExactly("a", "b");
    }

    @Test
    void who_waits_for_what_is_on_trial_is_told_when_it_has_passed() {
        CompletableFuture<Void> here = leased.present(List.of("a")).toCompletableFuture();
        Probation.begin(78);
        leased.add("new", Map.of("name", "a", "service.bundleid", 78L));
        assertThat(here).isNotDone();
        Probation.end(78);
        assertThat(here).isDone();
    }

    @Test
    void a_listener_that_fails_keeps_nothing_from_coming_and_nobody_from_hearing_of_it() {
        AtomicInteger told = new AtomicInteger();
        leased.onChange(() -> {
            throw new IllegalStateException("a listener of somebody else");
        });
        leased.onChange(told::incrementAndGet);
        Probation.begin(80);
        leased.add("new", Map.of("service.bundleid", 80L));
        assertThat(told).hasValue(1);
        Probation.end(80);
        assertThat(told).hasValue(2);
        assertThat(taken()).isEqualTo("new");
        leased.remove("new");
        assertThat(told).hasValue(3);
    }

    @Test
    void who_waits_for_the_end_of_a_trial_behind_one_that_fails_is_told() {
        AtomicInteger told = new AtomicInteger();
        Probation.begin(81);
        Probation.atEnd(81, () -> {
            throw new NoClassDefFoundError("of a bundle that is gone");
        });
        Probation.atEnd(81, told::incrementAndGet);
        Probation.end(81);
        assertThat(told).hasValue(1);
    }

    @Test
    void who_lets_go_of_what_is_on_trial_is_not_held_on_to() {
        AtomicInteger told = new AtomicInteger();
        leased.onChange(told::incrementAndGet);
        Probation.begin(79);
        leased.add("one", Map.of("service.bundleid", 79L));
        leased.add("two", Map.of("service.bundleid", 79L));
        leased.remove("one");
        assertThat(told).hasValue(3);
        leased.remove("two");
        Probation.end(79);
        assertThat(told).hasValue(4);
    }

    @Test
    void a_service_that_leaves_waits_for_the_call_that_runs_and_gets_no_new_one() throws Exception {
        leased.add("old", Map.of("service.id", 1L));
        Lease<String> call = leased.lease().orElseThrow();
        CompletableFuture<Void> gone = CompletableFuture.runAsync(() -> leased.remove("old"));
        leased.present(List.of("new"));
        leased.add("new", Map.of("service.id", 2L));
        while (leased.names().size() > 1) Thread.onSpinWait();
        assertThat(gone).isNotDone();
        assertThat(call.get()).isEqualTo("old");
        call.close();
        gone.get(5, TimeUnit.SECONDS);
        assertThat(taken()).isEqualTo("new");
    }

    @Test
    void who_waits_for_names_is_told_when_the_last_one_has_come() {
        CompletableFuture<Void> both = leased.present(List.of("a", "b")).toCompletableFuture();
        leased.add("A", Map.of("name", "a"));
        assertThat(both).isNotDone();
        leased.add("B", Map.of("name", "b"));
        assertThat(both).isDone();
    }

    @Test
    void of_two_with_one_name_all_gives_the_better() {
        leased.add("a1", Map.of("name", "a", "service.id", 1L));
        leased.add("a2", Map.of("name", "a", "service.id", 2L, "service.ranking", 1));
        assertThat(leased.all()).extracting(Lease::get).containsExactly("a2");
    }

    private String taken() {
        try (Lease<String> lease = leased.lease().orElseThrow()) {
            return lease.get();
        }
    }
}
