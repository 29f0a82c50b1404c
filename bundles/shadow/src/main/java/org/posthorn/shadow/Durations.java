package org.posthorn.shadow;

import java.util.Map;
import java.util.TreeMap;

/** Many durations in few numbers: how many fell into each of four steps an octave of nanoseconds, so that a percentile is at most a quarter too large. */
final class Durations {

    /** Steps below this many nanoseconds are one. */
    private static final int LOWEST_BITS = 10;

    private final TreeMap<Integer, Long> counts = new TreeMap<>();
    private long sum;

    long sum() {
        return sum;
    }

    void add(long nanos) {
        counts.merge(step(nanos), 1L, Long::sum);
        sum += nanos;
    }

    void add(Durations others) {
        others.counts.forEach((step, count) -> counts.merge(step, count, Long::sum));
        sum += others.sum;
    }

    private static int step(long nanos) {
        if (nanos < 1L << LOWEST_BITS) return 0;
        int octave = 63 - Long.numberOfLeadingZeros(nanos);
        int quarter = (int) (nanos >>> octave - 2) & 3;
        return (octave - LOWEST_BITS) * 4 + quarter + 1;
    }

    /** The nanoseconds that all of a step stay below. */
    private static long end(int step) {
        if (step == 0) return 1L << LOWEST_BITS;
        int octave = (step - 1) / 4 + LOWEST_BITS;
        return (1L << octave) + ((step - 1) % 4 + 1L << octave - 2);
    }

    /** What so many of a hundred stay below, in nanoseconds; 0 when there are none. */
    long percentile(double percent) {
        long all = counts.values().stream().mapToLong(Long::longValue).sum();
        long wanted = (long) Math.ceil(all * percent / 100);
        long seen = 0;
        for (Map.Entry<Integer, Long> step : counts.entrySet()) {
            seen += step.getValue();
            if (seen >= wanted) return end(step.getKey());
        }
        return 0;
    }

    /** As a table keeps it: {@code 17:3,21:1}; the sum has its own column. */
    String text() {
        StringBuilder text = new StringBuilder();
        counts.forEach((step, count) -> text.append(text.length() == 0 ? "" : ",")
                .append(step)
                .append(':')
                .append(count));
        return text.toString();
    }

    static Durations of(String text, long sum) {
        Durations durations = new Durations();
        durations.sum = sum;
        for (String step : text.isEmpty() ? new String[0] : text.split(",")) {
            int colon = step.indexOf(':');
            durations.counts.put(Integer.valueOf(step.substring(0, colon)), Long.valueOf(step.substring(colon + 1)));
        }
        return durations;
    }
}
