package org.posthorn.mailbox;

import java.util.ArrayList;
import java.util.List;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Stamp;
import org.posthorn.api.mailbox.UidSet;

/** One line of an index: what happened to a mailbox. An index is what its records, in order, lead to. */
sealed interface IndexRecord {

    /**
     * The first one.
     *
     * @param mailboxId the number of its MAILBOXID; 0 when an earlier version wrote it
     * @param savedBy in seconds since 1970: what came without a time was saved by then
     */
    record Head(long uidValidity, long modSeq, long mailboxId, long savedBy) implements IndexRecord {}

    /** A message came. What an earlier version wrote has the EMAILID 0 and was saved at 0; it counts as born with the mod-sequence that it has. */
    record Added(Entry entry, String key) implements IndexRecord {}

    record Flagged(long uid, long modSeq, Flags flags) implements IndexRecord {}

    /** @param traces none in what an earlier version wrote */
    record Expunged(long modSeq, UidSet uids, Traces traces) implements IndexRecord {

        /** As it is before the index knows it. */
        Expunged(long modSeq, UidSet uids) {
            this(modSeq, uids, Traces.NONE);
        }

        /** One expunge, in as many records as it takes. */
        static List<Expunged> of(long modSeq, UidSet uids) {
            List<Expunged> records = new ArrayList<>();
            List<UidSet.Range> ranges = uids.ranges();
            for (int from = 0; from < ranges.size(); from += IndexCodec.MOST_RANGES) {
                int to = Math.min(ranges.size(), from + IndexCodec.MOST_RANGES);
                records.add(new Expunged(modSeq, new UidSet(ranges.subList(from, to))));
            }
            return records;
        }
    }

    /** The format calls a message otherwise now. */
    record Keyed(long uid, String key) implements IndexRecord {}

    /** UIDs below that may have been given to messages that a crash took. Forced before the first of them is given. */
    record Reserved(long uidNext) implements IndexRecord {}

    /** UIDs below that are no longer recent. */
    record Claimed(long uid) implements IndexRecord {}

    /** The expunge log is not whole up to there. */
    record Floor(long modSeq) implements IndexRecord {}

    /** The mailbox is in use since then, in the life of the kernel with that id. */
    record Opened(String boot) implements IndexRecord {}

    /** Flags on the shelf are forced, as far as that. */
    record Synced(long modSeq) implements IndexRecord {}

    /** All that made the shelf look like that is forced. */
    record Forced(Stamp stamp) implements IndexRecord {}

    /** Nobody uses it any more, and the shelf looked like that. */
    record Closed(long uidNext, Stamp stamp) implements IndexRecord {}
}
