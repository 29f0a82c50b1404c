package org.posthorn.shadow;

import java.time.Instant;
import org.posthorn.api.filter.Comparison;
import org.posthorn.api.filter.Comparison.Result;

/** Comparisons of one filter on one day, counted. */
final class Tally {

    /** @param day since 1970, UTC */
    record Key(String filter, String beside, long day) {
        static Key of(Comparison c) {
            return new Key(c.filter(), c.beside(), Math.floorDiv(c.time().getEpochSecond(), 86_400L));
        }
    }

    private final long[] counts = new long[Result.values().length];
    private Durations durations = new Durations();
    private String trouble = "";
    private Instant troubled = Instant.EPOCH;

    long count(Result result) {
        return counts[result.ordinal()];
    }

    Durations durations() {
        return durations;
    }

    /** Why one was last skipped, or failed. */
    String trouble() {
        return trouble;
    }

    Instant troubled() {
        return troubled;
    }

    void add(Comparison c) {
        counts[c.result().ordinal()]++;
        if (!c.took().isZero()) durations.add(c.took().toNanos());
        if (c.result() == Result.SKIPPED || c.result() == Result.FAILED) trouble(c.said(), c.time());
    }

    void add(Tally other) {
        for (int i = 0; i < counts.length; i++) counts[i] += other.counts[i];
        durations.add(other.durations);
        trouble(other.trouble, other.troubled);
    }

    private void trouble(String what, Instant when) {
        if (what.isEmpty() || when.isBefore(troubled)) return;
        trouble = what;
        troubled = when;
    }

    /** As a table has it. @param counts in the order of {@link Result} */
    static Tally of(long[] counts, Durations durations, String trouble, Instant troubled) {
        Tally tally = new Tally();
        System.arraycopy(counts, 0, tally.counts, 0, counts.length);
        tally.durations = durations;
        tally.trouble(trouble, troubled);
        return tally;
    }
}
