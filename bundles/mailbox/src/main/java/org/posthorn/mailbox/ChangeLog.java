package org.posthorn.mailbox;

import java.util.Arrays;

/** Which messages changed, in order of mod-sequence; a later change of the same message makes an earlier line idle. */
final class ChangeLog {

    private int lines;
    private long[] seqs = new long[8];
    private long[] uids = new long[8];

    void add(long modSeq, long uid) {
        if (lines == seqs.length) {
            seqs = Arrays.copyOf(seqs, lines + (lines >> 2) + 8);
            uids = Arrays.copyOf(uids, seqs.length);
        }
        seqs[lines] = modSeq;
        uids[lines++] = uid;
    }

    /** Rows of the table that changed after that mod-sequence, rising. */
    int[] since(long modSeq, MessageTable table) {
        int[] rows = new int[lines - behind(modSeq)];
        int n = 0;
        for (int line = behind(modSeq); line < lines; line++) {
            int row = table.row(uids[line]);
            if (row >= 0 && table.modSeq(row) == seqs[line]) rows[n++] = row;
        }
        rows = Arrays.copyOf(rows, n);
        Arrays.sort(rows);
        return rows;
    }

    private int behind(long modSeq) {
        int low = 0;
        int high = lines;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (seqs[middle] <= modSeq) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    /** Drops idle lines when they are many. */
    void tidy(MessageTable table) {
        if (lines < 64 || lines < 4 * table.rows()) return;
        int n = 0;
        for (int line = 0; line < lines; line++) {
            int row = table.row(uids[line]);
            if (row < 0 || table.modSeq(row) != seqs[line]) continue;
            seqs[n] = seqs[line];
            uids[n++] = uids[line];
        }
        lines = n;
    }

    /** Begins anew from a table whose rows came in no order of mod-sequence. */
    void sort() {
        if (sorted()) return;
        long[][] pairs = new long[lines][];
        for (int i = 0; i < lines; i++) pairs[i] = new long[] {seqs[i], uids[i]};
        Arrays.sort(pairs, (a, b) -> Long.compare(a[0], b[0]));
        for (int i = 0; i < lines; i++) {
            seqs[i] = pairs[i][0];
            uids[i] = pairs[i][1];
        }
    }

    private boolean sorted() {
        for (int i = 1; i < lines; i++) if (seqs[i - 1] > seqs[i]) return false;
        return true;
    }
}
