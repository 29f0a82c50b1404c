package org.posthorn.mailbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.posthorn.api.mailbox.Amount;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Filed;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.UidSet;

/** The messages of one mailbox in order of UID, as columns: a row takes some fifty bytes and the letters of its key, and eight more where there are copies. */
final class MessageTable {

    /** No later time of saving is kept, in seconds since 1970. */
    private static final long LATEST = 0xFFFFFFFFL;

    private int rows;
    private long[] uid = new long[8];
    private long[] modSeq = new long[8];
    private long[] size = new long[8];
    // Seconds since 1970.
    private long[] date = new long[8];
    // Likewise, unsigned; 0 for what was there before such times were kept.
    private int[] saved = new int[8];
    private Flags[] flags = new Flags[8];
    private final Keys keys = new Keys();
    // The mod-sequence with which it came into the account.
    private long[] born = new long[8];
    // 0 for what the mailbox and the UID tell. None as long as nothing has come from elsewhere.
    private long[] emailId = new long[0];
    private long mailboxId;
    private long savedBy;
    private final Map<Flags, Flags> shared = new HashMap<>();
    private long unseen;
    private long deleted;
    private long octets;
    private long deletedOctets;

    int rows() {
        return rows;
    }

    long unseen() {
        return unseen;
    }

    long deleted() {
        return deleted;
    }

    long octets() {
        return octets;
    }

    long deletedOctets() {
        return deletedOctets;
    }

    Amount held() {
        return new Amount(octets, rows);
    }

    long uid(int row) {
        return uid[row];
    }

    String key(int row) {
        return keys.get(row);
    }

    long size(int row) {
        return size[row];
    }

    Flags flags(int row) {
        return flags[row];
    }

    long modSeq(int row) {
        return modSeq[row];
    }

    long lastUid() {
        return rows == 0 ? 0 : uid[rows - 1];
    }

    Filed filed(int row) {
        return new Filed(uid[row], keys.get(row), flags[row]);
    }

    /** Whose messages these are, and by when those were saved of which that is not known. */
    void identify(long number, long seconds) {
        mailboxId = number;
        savedBy = seconds;
    }

    /** The number of the MAILBOXID; 0 before it has one. */
    long mailboxId() {
        return mailboxId;
    }

    long savedBy() {
        return savedBy;
    }

    Entry entry(int row) {
        return new Entry(
                uid[row], flags[row], modSeq[row], size[row], Dates.of(date[row]), saved(row), emailId(row), born[row]);
    }

    private Instant saved(int row) {
        return Instant.ofEpochSecond(saved[row] == 0 ? savedBy(row) : Integer.toUnsignedLong(saved[row]));
    }

    /** One that an earlier version took in may be younger than the index. Its date may be any, and what is told is going to be kept. */
    private long savedBy(int row) {
        return Math.min(Math.max(0, Math.max(savedBy, date[row])), LATEST);
    }

    /** The number of its EMAILID. */
    long emailId(int row) {
        return emailId.length == 0 || emailId[row] == 0 ? emailId(uid[row]) : emailId[row];
    }

    /** Whether that is another than its mailbox and UID tell. */
    boolean isCopy(int row) {
        return emailId.length > 0 && emailId[row] != 0;
    }

    long born(int row) {
        return born[row];
    }

    /**
     * The EMAILID of a message that begins its life here under that UID. UIDs are not given twice, and numbers of mailboxes lie so far apart that
     * theirs do not meet.
     */
    long emailId(long uid) {
        return mailboxId + uid;
    }

    /** The row of that UID; negative when it is not there. */
    int row(long wanted) {
        int row = Arrays.binarySearch(uid, 0, rows, wanted);
        return row < 0 ? -1 : row;
    }

    /** The first row whose UID is not below that one. */
    int rowFrom(long wanted) {
        int row = Arrays.binarySearch(uid, 0, rows, wanted);
        return row < 0 ? -row - 1 : row;
    }

    /** Calls with the row of each UID of the set that is there, in order. */
    void each(UidSet uids, IntConsumer use) {
        for (UidSet.Range range : uids.ranges())
            for (int row = rowFrom(range.first()); row < rows && uid[row] <= range.last(); row++) use.accept(row);
    }

    List<Entry> entries(UidSet uids) {
        List<Entry> entries = new ArrayList<>();
        each(uids, row -> entries.add(entry(row)));
        return entries;
    }

    UidSet uids() {
        List<UidSet.Range> runs = new ArrayList<>();
        int first = 0;
        for (int row = 1; row <= rows; row++) {
            if (row < rows && uid[row] == uid[row - 1] + 1) continue;
            runs.add(new UidSet.Range(uid[first], uid[row - 1]));
            first = row;
        }
        return new UidSet(runs);
    }

    /** Those that one of the messages has. */
    Set<String> keywords() {
        Set<String> all = new HashSet<>();
        Flags before = Flags.NONE;
        for (int row = 0; row < rows; row++) {
            // Messages share what they have alike, and neighbours often do.
            if (flags[row] != before) all.addAll(flags[row].keywords());
            before = flags[row];
        }
        return all;
    }

    /** So many are about to be added. */
    void expect(int more) {
        if (rows + more > uid.length) grow(rows + more);
    }

    /** Adds a message, whose UID is above all others. */
    void add(Entry entry, String name) {
        if (rows == uid.length) grow(rows + Math.max(8, rows >> 3));
        uid[rows] = entry.uid();
        modSeq[rows] = entry.modSeq();
        size[rows] = entry.size();
        date[rows] = entry.internalDate().getEpochSecond();
        saved[rows] = (int) entry.saved().getEpochSecond();
        born[rows] = entry.born();
        emailId(rows, entry);
        flags[rows] = shared.computeIfAbsent(entry.flags(), f -> f);
        keys.add(rows, name);
        rows++;
        count(entry.flags(), entry.size(), 1);
    }

    private void emailId(int row, Entry entry) {
        boolean elsewhere = entry.emailId() != 0 && entry.emailId() != emailId(entry.uid());
        if (elsewhere && emailId.length == 0) emailId = new long[uid.length];
        if (emailId.length > 0) emailId[row] = elsewhere ? entry.emailId() : 0;
    }

    private void grow(int length) {
        uid = Arrays.copyOf(uid, length);
        modSeq = Arrays.copyOf(modSeq, length);
        size = Arrays.copyOf(size, length);
        date = Arrays.copyOf(date, length);
        saved = Arrays.copyOf(saved, length);
        born = Arrays.copyOf(born, length);
        if (emailId.length > 0) emailId = Arrays.copyOf(emailId, length);
        flags = Arrays.copyOf(flags, length);
        keys.grow(length);
    }

    private void count(Flags of, long bytes, int sign) {
        if (!of.has(Flags.SEEN)) unseen += sign;
        octets += sign * bytes;
        if (!of.has(Flags.DELETED)) return;
        deleted += sign;
        deletedOctets += sign * bytes;
    }

    void flag(int row, Flags now, long seq) {
        count(flags[row], size[row], -1);
        flags[row] = shared.computeIfAbsent(now, f -> f);
        modSeq[row] = seq;
        count(now, size[row], 1);
    }

    void key(int row, String name) {
        keys.drop(row);
        keys.add(row, name);
        keys.tidy(rows);
    }

    /** Removes what is there of these. */
    void remove(UidSet uids) {
        int to = -1;
        int from = 0;
        for (UidSet.Range range : uids.ranges()) {
            int first = rowFrom(range.first());
            int behind = rowFrom(range.last() + 1);
            for (int row = first; row < behind; row++) {
                count(flags[row], size[row], -1);
                keys.drop(row);
            }
            if (to < 0) to = first;
            else to = shift(from, first, to);
            from = behind;
        }
        if (to < 0) return;
        int end = shift(from, rows, to);
        Arrays.fill(flags, end, rows, null);
        rows = end;
        keys.tidy(rows);
    }

    /** Moves rows down. @return the row behind the last one moved */
    private int shift(int from, int behind, int to) {
        int n = behind - from;
        for (Object column : new Object[] {uid, modSeq, size, date, saved, born, flags})
            if (n > 0) System.arraycopy(column, from, column, to, n);
        if (n > 0) keys.move(from, to, n);
        if (n > 0 && emailId.length > 0) System.arraycopy(emailId, from, emailId, to, n);
        return to + n;
    }

    /** The UID of the first message without \Seen; 0 when there is none. */
    long firstUnseen() {
        if (unseen == 0) return 0;
        int row = 0;
        while (flags[row].has(Flags.SEEN)) row++;
        return uid[row];
    }
}
