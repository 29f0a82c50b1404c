package org.posthorn.shadow;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.posthorn.api.filter.Comparison;
import org.posthorn.api.filter.Comparison.Result;

/** What is not in the database yet. Bounded: of cases the newest stay, and there are only so many filters. For one thread at a time. */
final class Batch {

    private static final int MOST_CASES = 2000;

    private final Map<Tally.Key, Tally> tallies = new HashMap<>();
    private final Deque<Comparison> cases = new ArrayDeque<>();

    Map<Tally.Key, Tally> tallies() {
        return tallies;
    }

    /** Those to look at one by one, oldest first. */
    Deque<Comparison> cases() {
        return cases;
    }

    boolean isEmpty() {
        return tallies.isEmpty();
    }

    void add(Comparison c) {
        tallies.computeIfAbsent(Tally.Key.of(c), key -> new Tally()).add(c);
        if (c.result() != Result.DISAGREED && c.result() != Result.FAILED) return;
        cases.addLast(c);
        if (cases.size() > MOST_CASES) cases.removeFirst();
    }

    /** Takes back what could not be written; it is older than what is here. */
    void restore(Batch older) {
        older.tallies.forEach(
                (key, tally) -> tallies.computeIfAbsent(key, k -> new Tally()).add(tally));
        older.cases.descendingIterator().forEachRemaining(c -> {
            if (cases.size() < MOST_CASES) cases.addFirst(c);
        });
    }
}
