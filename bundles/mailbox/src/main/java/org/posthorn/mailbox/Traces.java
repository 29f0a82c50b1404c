package org.posthorn.mailbox;

import java.util.Arrays;
import org.posthorn.api.mailbox.UidSet;

/**
 * What is left of messages that were expunged: with which mod-sequences they had come into the account, and the EMAILIDs of those whose UIDs do not tell them. Nobody
 * changes the columns. An index may have twenty thousand: what came together, and is no copy, takes no column.
 */
final class Traces {

    private static final long[] EMPTY = {};

    /** Of what an earlier version expunged, or what was long ago. */
    static final Traces NONE = new Traces(EMPTY, EMPTY, EMPTY, EMPTY);

    /** Of what came with more different mod-sequences the least counts for all. */
    private static final int MOST_RUNS = 1000;

    // Of the first of those that came together.
    private final long count;
    private final long bornFirst;
    private final boolean known;
    // Empty when all came together.
    private final long[] counts;
    private final long[] born;
    private final long[] copies;
    private final long[] emailIds;

    /**
     * @param counts how many, in order of UID, have the same mod-sequence
     * @param born which
     * @param copies UIDs, rising
     * @param emailIds theirs
     */
    Traces(long[] counts, long[] born, long[] copies, long[] emailIds) {
        this.known = born.length > 0;
        this.count = known ? counts[0] : 0;
        this.bornFirst = known ? born[0] : 0;
        this.counts = born.length > 1 ? counts : EMPTY;
        this.born = born.length > 1 ? born : EMPTY;
        this.copies = copies.length > 0 ? copies : EMPTY;
        this.emailIds = emailIds.length > 0 ? emailIds : EMPTY;
    }

    /** Of messages that are still there; none when there is too much to keep. */
    static Traces of(MessageTable table, UidSet uids) {
        int[] rows = rows(table, uids);
        int[] copied = Arrays.stream(rows).filter(table::isCopy).toArray();
        if (uids.isEmpty() || copied.length > ExpungeLog.MOST_COPIES) return NONE;
        long[] counts = new long[rows.length];
        long[] born = new long[rows.length];
        int runs = 0;
        for (int row : rows) {
            if (runs == 0 || born[runs - 1] != table.born(row)) born[runs++] = table.born(row);
            counts[runs - 1]++;
        }
        boolean exact = runs > 0 && runs <= MOST_RUNS && rows.length == uids.size();
        long least = Arrays.stream(born, 0, runs).min().orElse(Long.MAX_VALUE);
        return new Traces(
                exact ? Arrays.copyOf(counts, runs) : new long[] {uids.size()},
                exact ? Arrays.copyOf(born, runs) : new long[] {least},
                Arrays.stream(copied).mapToLong(table::uid).toArray(),
                Arrays.stream(copied).mapToLong(table::emailId).toArray());
    }

    private static int[] rows(MessageTable table, UidSet uids) {
        int[] rows = new int[(int) Math.min(table.rows(), uids.size())];
        int[] n = {0};
        table.each(uids, row -> rows[n[0]++] = row);
        return Arrays.copyOf(rows, n[0]);
    }

    /** Somebody who hears of what is gone. */
    @FunctionalInterface
    interface Hearer {
        void hears(long emailId, long born);
    }

    /** Tells of the messages with those UIDs, which are those that it was made of. */
    void tell(UidSet uids, MessageTable table, Hearer hearer) {
        int run = 0;
        long left = count;
        int at = 0;
        for (UidSet.Range range : uids.ranges())
            for (long uid = range.first(); uid <= range.last(); uid++, left--) {
                if (left == 0 && run < counts.length - 1) left = counts[++run];
                while (at < copies.length && copies[at] < uid) at++;
                boolean copy = at < copies.length && copies[at] == uid;
                hearer.hears(copy ? emailIds[at] : table.emailId(uid), run == 0 ? bornFirst : born[run]);
            }
    }

    boolean known() {
        return known;
    }

    /** How many numbers it keeps beside one. */
    int weight() {
        return copies.length + Math.max(0, born.length - 1);
    }

    long[] counts() {
        return known && counts.length == 0 ? new long[] {count} : counts;
    }

    long[] born() {
        return known && born.length == 0 ? new long[] {bornFirst} : born;
    }

    long[] copies() {
        return copies;
    }

    long[] emailIds() {
        return emailIds;
    }
}
