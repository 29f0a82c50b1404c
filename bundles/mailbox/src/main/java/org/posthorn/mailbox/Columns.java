package org.posthorn.mailbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * Messages of one mailbox at one moment, for what needs no more of them: UIDs, EMAILIDs, and the mod-sequences with which they came into the account; in order of
 * UID.
 */
record Columns(String mailbox, long mailboxId, long[] uids, long[] emails, long[] born) {

    private static final int WAYS = 4;

    /**
     * Those of all mailboxes, after a look at what other programs did. What was moved meanwhile is among them, if it is not moved again and again. Of a mailbox there
     * may be several, which have no message in common, and none of one that has no such email.
     */
    static List<Columns> all(AllBoxes boxes, LongPredicate emails) throws IOException {
        return boxes.steadily(() -> pass(boxes, emails)).found();
    }

    private static List<Columns> pass(AllBoxes boxes, LongPredicate emails) throws IOException {
        List<Columns> all = new ArrayList<>();
        AllBoxes.Each look = box -> {
            box.refresh();
            List<Columns> known =
                    all.stream().filter(c -> c.mailbox().equals(box.name())).toList();
            Columns more = of(box, emails, uid -> known.stream().noneMatch(c -> c.has(uid)));
            if (more.uids().length > 0) all.add(more);
        };
        // What went to where had been looked at already is met on the way back, or on the next one.
        for (int i = 0; i < WAYS; i += 2) {
            long before = boxes.modSeq();
            boxes.each(look);
            if (boxes.modSeq() == before) break;
            boxes.eachBackwards(look);
        }
        return all;
    }

    private static Columns of(Box box, LongPredicate emails, LongPredicate uids) {
        MessageTable table = box.index().table();
        long[] uid = new long[table.rows()];
        long[] email = new long[table.rows()];
        long[] born = new long[table.rows()];
        int n = 0;
        for (int row = 0; row < table.rows(); row++) {
            long number = table.emailId(row);
            if (!emails.test(number) || !uids.test(table.uid(row))) continue;
            uid[n] = table.uid(row);
            email[n] = number;
            born[n++] = table.born(row);
        }
        return new Columns(
                box.name(), table.mailboxId(), Arrays.copyOf(uid, n), Arrays.copyOf(email, n), Arrays.copyOf(born, n));
    }

    private boolean has(long uid) {
        return Arrays.binarySearch(uids, uid) >= 0;
    }

    long[] threads(ThreadLook look) throws IOException {
        return look.of(mailbox, uids, emails);
    }
}
