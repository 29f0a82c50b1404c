package org.posthorn.imap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.api.mailbox.UidSet.Range;

/** The UIDs that a session knows, by sequence number. Kept as runs: a mailbox without gaps costs the same whatever its size. */
public final class Uids {

    /** The first UID of each run, and how many messages stand before it. */
    private long[] first = new long[1];

    private int[] before = new int[1];
    private int runs;
    private int size;

    public Uids() {}

    public Uids(UidSet set) {
        set.ranges().forEach(r -> add(r.first(), (int) r.size()));
    }

    public int size() {
        return size;
    }

    /** The highest; 0 when there is none. */
    public long last() {
        return runs == 0 ? 0 : end(runs - 1);
    }

    private int length(int run) {
        return (run + 1 < runs ? before[run + 1] : size) - before[run];
    }

    private long end(int run) {
        return first[run] + length(run) - 1;
    }

    /** Adds a UID higher than all. */
    public void add(long uid) {
        add(uid, 1);
    }

    private void add(long uid, int count) {
        if (runs == 0 || uid != last() + 1) {
            if (runs == first.length) {
                first = Arrays.copyOf(first, runs * 2);
                before = Arrays.copyOf(before, runs * 2);
            }
            first[runs] = uid;
            before[runs++] = size;
        }
        size += count;
    }

    /** The sequence number of a UID; 0 when it is not there. */
    public int sequence(long uid) {
        int run = Arrays.binarySearch(first, 0, runs, uid);
        if (run < 0) run = -run - 2;
        if (run < 0 || uid > end(run)) return 0;
        return before[run] + (int) (uid - first[run]) + 1;
    }

    /** The UID at a sequence number that is there. */
    public long uid(int sequence) {
        int run = Arrays.binarySearch(before, 0, runs, sequence - 1);
        if (run < 0) run = -run - 2;
        return first[run] + (sequence - 1 - before[run]);
    }

    /** All of them. */
    public UidSet all() {
        List<Range> ranges = new ArrayList<>(runs);
        for (int i = 0; i < runs; i++) ranges.add(new Range(first[i], end(i)));
        return new UidSet(ranges);
    }

    /** The UIDs at these sequence numbers, which are all there. */
    UidSet at(UidSet sequences) {
        List<Range> found = new ArrayList<>();
        for (Range r : sequences.ranges())
            for (int s = (int) r.first(); s <= r.last(); ) {
                int run = Arrays.binarySearch(before, 0, runs, s - 1);
                if (run < 0) run = -run - 2;
                int until = (int) Math.min(r.last(), before[run] + length(run));
                found.add(new Range(uid(s), uid(until)));
                s = until + 1;
            }
        return UidSet.ofRanges(found);
    }

    /** What is in the one set, or the other, or both. */
    public static UidSet union(UidSet one, UidSet other) {
        List<Range> all = new ArrayList<>(one.ranges());
        all.addAll(other.ranges());
        return UidSet.ofRanges(all);
    }

    /** Those that are also in the set. */
    public UidSet within(UidSet set) {
        List<Range> both = new ArrayList<>();
        int run = 0;
        for (Range r : set.ranges()) {
            while (run < runs && end(run) < r.first()) run++;
            for (int i = run; i < runs && first[i] <= r.last(); i++)
                both.add(new Range(Math.max(first[i], r.first()), Math.min(end(i), r.last())));
        }
        return new UidSet(both);
    }

    /** Those that are not in the set, as a view of their own. */
    public Uids without(UidSet set) {
        Uids rest = new Uids();
        List<Range> out = set.ranges();
        int next = 0;
        for (int run = 0; run < runs; run++) {
            long from = first[run];
            long to = end(run);
            while (next < out.size() && out.get(next).last() < from) next++;
            for (int i = next; from <= to && i < out.size() && out.get(i).first() <= to; i++) {
                if (out.get(i).first() > from) rest.add(from, (int) (out.get(i).first() - from));
                from = Math.max(from, out.get(i).last() + 1);
            }
            if (from <= to) rest.add(from, (int) (to - from + 1));
        }
        return rest;
    }
}
