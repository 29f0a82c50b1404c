package org.posthorn.mailbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Amount;
import org.posthorn.api.mailbox.Copied;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Filed;
import org.posthorn.api.mailbox.Folder;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.api.mailbox.Staged;
import org.posthorn.api.mailbox.UidSet;

/**
 * Messages that are copied or moved from one mailbox to another.
 *
 * @param rights which flags they may have there
 */
record Transfer(Box from, Box to, Rights rights) {

    /** So many messages are copied before others have their turn at the source. */
    private static final int AT_ONCE = 16;

    /** A message of the source, staged in the target. */
    private record Copy(Entry of, Filed source, Staged staged) {

        Arrival.Newcomer newcomer(Rights rights, boolean stays) {
            Arrival.Newcomer same = Arrival.Newcomer.like(of, rights.permitted(of.flags()), staged);
            return stays ? same : same.elsewhere();
        }
    }

    Copied copy(UidSet uids) throws IOException {
        List<Entry> entries = entries(from, uids);
        return to.account().arriving(amount(entries), () -> copy(entries));
    }

    static List<Entry> entries(Box from, UidSet uids) throws IOException {
        return from.with(b -> {
            b.refresh();
            return b.index().table().entries(uids);
        });
    }

    static Amount amount(List<Entry> entries) {
        return new Amount(entries.stream().mapToLong(Entry::size).sum(), entries.size());
    }

    private Copied copy(List<Entry> entries) throws IOException {
        List<Copy> copies = new ArrayList<>();
        try {
            int failures = to.failures();
            // Not with both locks: another one may copy the other way.
            Folder target = to.with(Box::folder);
            for (int i = 0; i < entries.size(); i += AT_ONCE) {
                List<Entry> some = entries.subList(i, Math.min(i + AT_ONCE, entries.size()));
                force(from.with(b -> stage(b, target, some, copies)));
            }
            List<Entry> placed = placed(failures, copies);
            return copied(copies, placed);
        } finally {
            Arrival.close(copies.stream().map(Copy::staged).toList());
        }
    }

    Copied move(UidSet uids) throws IOException {
        // What stays in an account needs no room, however full that is.
        return from.account() == to.account()
                ? moveAnyway(uids)
                : to.account().arriving(amount(entries(from, uids)), () -> moveAnyway(uids));
    }

    private Copied moveAnyway(UidSet uids) throws IOException {
        List<Copy> copies = new ArrayList<>();
        try {
            List<Entry> placed = together(from, to, () -> moved(uids, copies));
            Removal.force(from);
            return copied(copies, placed);
        } finally {
            Arrival.close(copies.stream().map(Copy::staged).toList());
        }
    }

    /**
     * The target is forced before anything leaves the source: a crash may leave a message in both, never in none. And the spool knows that it need
     * not bring it back to the source before it leaves that.
     */
    private List<Entry> moved(UidSet uids, List<Copy> copies) throws IOException {
        int failures = to.failures();
        force(from.with(b -> {
            b.refresh();
            return stage(b, to.with(Box::folder), b.index().table().entries(uids), copies);
        }));
        List<Entry> placed = placed(failures, copies);
        UidSet leaving = UidSet.ofUids(copies.stream().mapToLong(c -> c.of().uid()));
        from.account().checkpoint().gone(from.where(), leaving);
        from.with(b -> Removal.remove(b, copies.stream().map(Copy::source).toList()));
        return placed;
    }

    /** @return what it has added to the copies, which the caller closes */
    private static List<Copy> stage(Box from, Folder target, List<Entry> entries, List<Copy> copies)
            throws IOException {
        int before = copies.size();
        for (Entry entry : entries) {
            int row = from.index().table().row(entry.uid());
            if (row < 0) continue;
            Filed filed = from.index().table().filed(row);
            Optional<Message> message = from.folder().read(filed);
            if (message.isEmpty()) continue;
            copies.add(new Copy(entry, filed, target.stage(message.get(), entry.internalDate())));
        }
        return copies.subList(before, copies.size());
    }

    private static void force(List<Copy> copies) throws IOException {
        for (Copy copy : copies) copy.staged().force();
    }

    private List<Entry> placed(int failures, List<Copy> copies) throws IOException {
        boolean stays = from.account() == to.account();
        List<Arrival.Newcomer> newcomers =
                copies.stream().map(c -> c.newcomer(rights, stays)).toList();
        List<Entry> placed = to.with(b -> Arrival.placeAll(b, newcomers));
        Arrival.force(to, failures, Arrival.filed(newcomers, placed));
        return placed;
    }

    private Copied copied(List<Copy> copies, List<Entry> placed) throws IOException {
        return new Copied(
                to.with(b -> b.index().uidValidity()),
                copies.stream().map(c -> c.of().uid()).toList(),
                placed.stream().map(Entry::uid).toList());
    }

    @FunctionalInterface
    private interface Deed<T> {
        T run() throws IOException;
    }

    /** With both locks, taken in an order that all keep to. */
    private static <T> T together(Box one, Box other, Deed<T> deed) throws IOException {
        boolean inOrder = order(one).compareTo(order(other)) <= 0;
        Box first = inOrder ? one : other;
        Box second = inOrder ? other : one;
        first.lock.lock();
        second.lock.lock();
        try {
            return deed.run();
        } finally {
            second.lock.unlock();
            first.lock.unlock();
        }
    }

    private static String order(Box box) {
        return box.account().address() + "/" + box.name();
    }
}
