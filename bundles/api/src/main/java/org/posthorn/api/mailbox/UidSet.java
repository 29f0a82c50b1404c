package org.posthorn.api.mailbox;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * A set of UIDs (or of sequence numbers) as ranges. Immutable.
 *
 * @param ranges sorted, disjoint, not touching
 */
public record UidSet(List<Range> ranges) {

    /** Both ends belong to it. */
    public record Range(long first, long last) {
        public long size() {
            return last - first + 1;
        }
    }

    public static final UidSet EMPTY = new UidSet(List.of());

    /** Every UID there can be, RFC 3501 2.3.1.1. */
    public static final UidSet ALL = range(1, 0xFFFFFFFFL);

    public UidSet {
        ranges = List.copyOf(ranges);
    }

    /** From first to last; in either order. */
    public static UidSet range(long first, long last) {
        return new UidSet(List.of(new Range(Math.min(first, last), Math.max(first, last))));
    }

    public static UidSet of(long uid) {
        return range(uid, uid);
    }

    /** Of any ranges, which may overlap and come in any order. */
    public static UidSet ofRanges(List<Range> any) {
        List<Range> sorted = new ArrayList<>(any);
        sorted.sort((a, b) -> Long.compare(a.first, b.first));
        List<Range> joined = new ArrayList<>();
        for (Range next : sorted) {
            Range last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            if (last != null && next.first <= last.last + 1)
                joined.set(joined.size() - 1, new Range(last.first, Math.max(last.last, next.last)));
            else joined.add(next);
        }
        return new UidSet(joined);
    }

    /** Of single UIDs in any order. */
    public static UidSet ofUids(LongStream uids) {
        List<Range> joined = new ArrayList<>();
        uids.sorted().forEach(uid -> {
            Range last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            if (last == null || uid > last.last + 1) joined.add(new Range(uid, uid));
            else if (uid == last.last + 1) joined.set(joined.size() - 1, new Range(last.first, uid));
        });
        return new UidSet(joined);
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** How many UIDs. */
    public long size() {
        return ranges.stream().mapToLong(Range::size).sum();
    }

    /** Whether it holds the UID; takes time logarithmic in the number of ranges. */
    public boolean contains(long uid) {
        int low = 0;
        int high = ranges.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Range range = ranges.get(middle);
            if (uid < range.first) high = middle - 1;
            else if (uid > range.last) low = middle + 1;
            else return true;
        }
        return false;
    }

    /** Those that are in the other set as well. */
    public UidSet within(UidSet other) {
        List<Range> both = new ArrayList<>();
        int at = 0;
        for (Range r : ranges) {
            while (at < other.ranges.size() && other.ranges.get(at).last < r.first) at++;
            for (int i = at; i < other.ranges.size() && other.ranges.get(i).first <= r.last; i++) {
                Range o = other.ranges.get(i);
                both.add(new Range(Math.max(r.first, o.first), Math.min(r.last, o.last)));
            }
        }
        return new UidSet(both);
    }

    /** Those that are not in the other set. */
    public UidSet without(UidSet other) {
        List<Range> rest = new ArrayList<>();
        int at = 0;
        for (Range r : ranges) {
            long from = r.first;
            while (at < other.ranges.size() && other.ranges.get(at).last < from) at++;
            for (int i = at; i < other.ranges.size() && other.ranges.get(i).first <= r.last; i++) {
                if (other.ranges.get(i).first > from) rest.add(new Range(from, other.ranges.get(i).first - 1));
                from = other.ranges.get(i).last + 1;
            }
            if (from <= r.last) rest.add(new Range(from, r.last));
        }
        return new UidSet(rest);
    }

    /** All UIDs, rising, each made when it is asked for. */
    public PrimitiveIterator.OfLong iterator() {
        return new PrimitiveIterator.OfLong() {
            private int range;
            private long within;

            @Override
            public boolean hasNext() {
                return range < ranges.size();
            }

            @Override
            public long nextLong() {
                if (!hasNext()) throw new NoSuchElementException();
                Range now = ranges.get(range);
                long next = now.first + within++;
                if (next == now.last) {
                    range++;
                    within = 0;
                }
                return next;
            }
        };
    }

    /** All UIDs, rising. Beware of {@link #ALL}. */
    public LongStream stream() {
        return ranges.stream().flatMapToLong(r -> LongStream.rangeClosed(r.first, r.last));
    }

    /** As IMAP writes it: {@code 1:3,7}. */
    @Override
    public String toString() {
        return ranges.stream()
                .map(r -> r.first == r.last ? Long.toString(r.first) : r.first + ":" + r.last)
                .collect(Collectors.joining(","));
    }
}
