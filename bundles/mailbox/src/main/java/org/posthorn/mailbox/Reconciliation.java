package org.posthorn.mailbox;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Filed;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Folder;
import org.posthorn.api.mailbox.Found;
import org.posthorn.api.mailbox.Scan;
import org.posthorn.api.mailbox.UidSet;

/** Brings an index and what a scan found together: what other programs added, flagged and removed. */
final class Reconciliation {

    /** So many records are written at once: of a big mailbox they would fill the memory. */
    private static final int PORTION = 1000;

    /** Takes records to be written, in order. */
    @FunctionalInterface
    interface Writer {
        void write(List<IndexRecord> records) throws IOException;
    }

    private final Index index;
    private final MessageTable table;
    private final Folder folder;
    private final Map<String, Integer> rows;
    private final BitSet seen = new BitSet();
    private final List<Found> fresh = new ArrayList<>();
    private final List<IndexRecord> records = new ArrayList<>();
    private final List<Filed> unnoted = new ArrayList<>();
    private final Scan scan;
    /** Asked for when it is needed. */
    private UidSet expunged;

    /** Scans. */
    Reconciliation(Index index, Folder folder) throws IOException {
        this.index = index;
        this.folder = folder;
        this.table = index.table();
        this.rows = new HashMap<>(2 * table.rows());
        for (int row = 0; row < table.rows(); row++) rows.put(table.key(row), row);
        this.scan = folder.scan(rows::containsKey);
    }

    /**
     * Says what has to be written down.
     *
     * @param modSeq for all of it
     * @param powerLost flags set since the shelf was last forced may be missing there: they are set again
     */
    void run(ModSeqs modSeq, boolean powerLost, Writer out) throws IOException {
        boolean trusted = trusted();
        for (Found found : scan.found()) {
            int row = row(found, trusted);
            if (row < 0) fresh.add(newcomer(found, trusted));
            else {
                seen.set(row);
                if (trusted && found.uid() > 0 && found.uid() != table.uid(row))
                    unnoted.add(new Filed(table.uid(row), found.key(), found.flags()));
                flags(row, found, modSeq, powerLost);
            }
        }
        if (scan.settled() && seen.cardinality() < table.rows()) gone(modSeq);
        if (trusted) index.skipTo(scan.uidNext());
        // Those with a UID first: later ones get higher ones.
        fresh.sort(Comparator.comparingLong(f -> f.uid() == 0 ? Long.MAX_VALUE : f.uid()));
        index.reserve(fresh.stream().filter(f -> f.uid() == 0).count());
        add(modSeq, out);
        if (!records.isEmpty()) out.write(records);
    }

    private void add(ModSeqs modSeq, Writer out) throws IOException {
        Instant now = Dates.of(modSeq.account.now());
        long last = table.lastUid();
        table.expect(fresh.size());
        for (Found found : fresh) {
            last = add(found, last, modSeq, now);
            if (records.size() < PORTION) continue;
            out.write(records);
            records.clear();
        }
    }

    Scan scan() {
        return scan;
    }

    /** Those with a UID that the shelf does not know, once {@link #run} is over. */
    List<Filed> unnoted() {
        return unnoted;
    }

    /** As it is to enter the index: with its UID if nobody has had that, and with what is known of a message that another program gave a new one. */
    private Found newcomer(Found found, boolean trusted) {
        long uid = trusted && isFree(found.uid()) ? found.uid() : 0;
        Integer row = rows.get(found.key());
        if (row == null || found.size() >= 0) {
            if (uid == found.uid()) return found;
            return new Found(found.key(), uid, found.flags(), found.size(), found.internalDate());
        }
        Flags flags = found.flags().with(unwritten(table.flags(row)));
        return new Found(
                found.key(), uid, flags, table.size(row), table.entry(row).internalDate());
    }

    /** Whether a message may get that UID: they rise, and nobody has had it. */
    private boolean isFree(long uid) {
        if (uid <= table.lastUid()) return false;
        if (uid >= index.uidNext()) return true;
        if (expunged == null) expunged = index.expunged();
        return !expunged.contains(uid);
    }

    private boolean trusted() {
        return scan.uidValidity() != 0 && scan.uidValidity() == index.uidValidity();
    }

    /** By its key and size (a message never changes) or, when the format has given it another one, by the UID noted with it. */
    private int row(Found found, boolean trusted) {
        Integer row = rows.get(found.key());
        if (row != null) return seen.get(row) || another(found, row, trusted) ? -1 : row;
        int noted = trusted && found.uid() > 0 ? table.row(found.uid()) : -1;
        if (noted < 0 || seen.get(noted) || table.size(noted) != found.size()) return -1;
        records.add(new IndexRecord.Keyed(found.uid(), found.key()));
        return noted;
    }

    private boolean another(Found found, int row, boolean trusted) {
        // What may only have been overlooked is not given up for another UID, nor for one that it could not get.
        boolean renumbered = trusted && scan.settled() && found.uid() != table.uid(row) && isFree(found.uid());
        return renumbered || found.size() >= 0 && table.size(row) != found.size();
    }

    private void flags(int row, Found found, ModSeqs modSeq, boolean powerLost) throws IOException {
        Flags known = table.flags(row);
        if (known.equals(found.flags())) return;
        Flags now = found.flags().with(unwritten(known));
        if (now.equals(known)) return;
        Filed there = new Filed(table.uid(row), found.key(), found.flags());
        if (powerLost && table.modSeq(row) > index.synced()) folder.flag(there, known);
        else records.add(new IndexRecord.Flagged(table.uid(row), modSeq.get(), now));
    }

    /** Keywords that the format has no room for live in the index alone. */
    private Flags unwritten(Flags known) {
        List<String> keywords =
                known.keywords().stream().filter(k -> !scan.keeps().test(k)).toList();
        return keywords.isEmpty() ? Flags.NONE : new Flags(0, keywords);
    }

    private void gone(ModSeqs modSeq) throws IOException {
        UidSet uids = UidSet.ofUids(
                IntStream.range(0, table.rows()).filter(row -> !seen.get(row)).mapToLong(table::uid));
        records.addAll(IndexRecord.Expunged.of(modSeq.get(), uids));
    }

    private long add(Found found, long last, ModSeqs modSeq, Instant now) throws IOException {
        Optional<Long> size = size(found);
        if (size.isEmpty()) return last;
        long uid = found.uid() > last ? found.uid() : index.takeUid();
        index.skipTo(uid + 1);
        Instant date = Dates.of(found.internalDate());
        Entry entry = new Entry(uid, found.flags(), modSeq.get(), size.get(), date, now, table.emailId(uid));
        records.add(new IndexRecord.Added(entry, found.key()));
        if (uid != found.uid()) unnoted.add(new Filed(uid, found.key(), found.flags()));
        return uid;
    }

    private Optional<Long> size(Found found) throws IOException {
        if (found.size() >= 0) return Optional.of(found.size());
        return folder.read(new Filed(0, found.key(), found.flags())).map(Message::size);
    }

    /** One mod-sequence for all, taken when the first change needs it. */
    static final class ModSeqs {
        private final AccountShelf account;
        private long value;

        ModSeqs(AccountShelf account) {
            this.account = account;
        }

        long get() throws IOException {
            if (value == 0) value = account.nextModSeq();
            return value;
        }
    }
}
