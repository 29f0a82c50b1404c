package org.posthorn.mailbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Stored;
import org.posthorn.api.mailbox.UidSet;

/**
 * One STORE. It is safe when its record in the index is forced: names on the shelf are forced by the next checkpoint, and set again from the index if
 * the power fails before.
 */
record FlagStore(FlagChange change, OptionalLong unchangedSince) {

    Stored run(Box box, UidSet uids) throws IOException {
        Removal.settled(box, uids);
        long[] mark = {0};
        Stored stored = box.with(b -> {
            b.refresh();
            Stored done = change(b, uids);
            mark[0] = b.mark();
            return done;
        });
        box.force(mark[0]);
        return stored;
    }

    private Stored change(Box box, UidSet uids) throws IOException {
        MessageTable table = box.index().table();
        List<Integer> rows = new ArrayList<>();
        LongStream.Builder modified = LongStream.builder();
        table.each(uids, row -> {
            if (unchangedSince.isPresent() && table.modSeq(row) > unchangedSince.getAsLong())
                modified.add(table.uid(row));
            else rows.add(row);
        });
        List<IndexRecord> records = new ArrayList<>();
        box.changing();
        for (int row : rows) flag(box, row, records);
        if (!records.isEmpty()) {
            box.commit(records);
            box.changed();
        }
        List<Entry> entries = rows.stream().map(table::entry).toList();
        return new Stored(entries, UidSet.ofUids(modified.build()));
    }

    private void flag(Box box, int row, List<IndexRecord> records) throws IOException {
        MessageTable table = box.index().table();
        Flags now = change.apply(table.flags(row));
        if (now.equals(table.flags(row))) return;
        // One that another program removed just now is found missing by the next look.
        if (!box.folder().flag(table.filed(row), now)) return;
        long modSeq = records.isEmpty() ? box.account().nextModSeq() : ((IndexRecord.Flagged) records.get(0)).modSeq();
        records.add(new IndexRecord.Flagged(table.uid(row), modSeq, now));
    }
}
