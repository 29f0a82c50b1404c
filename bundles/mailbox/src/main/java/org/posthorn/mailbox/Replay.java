package org.posthorn.mailbox;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Filed;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.spool.Pending;
import org.posthorn.api.spool.ShelfNote;

/** Finds out, after a restart, whether a mail that the journal still has needs to be delivered again. */
record Replay(Accounts accounts, Checkpoint checkpoint, Pending pending) {

    /** Whether that recipient's copy is on the shelf, or was taken from there. It is seen to be forced and settled. */
    boolean shelved(int place) throws IOException {
        Optional<ShelfNote.Shelved> where = Optional.empty();
        for (ShelfNote note : pending.notes()) {
            if (note.recipient() != place) continue;
            if (note instanceof ShelfNote.Gone) return settle(place);
            if (note instanceof ShelfNote.Shelved s) where = Optional.of(s);
            if (note instanceof ShelfNote.Moved m && where.isPresent()) where = Optional.of(moved(where.get(), m));
        }
        return where.isPresent() && look(where.get());
    }

    private static ShelfNote.Shelved moved(ShelfNote.Shelved from, ShelfNote.Moved to) {
        return new ShelfNote.Shelved(
                from.recipient(), from.account(), to.mailbox(), to.uidValidity(), to.uid(), to.key(), from.size());
    }

    private boolean settle(int place) throws IOException {
        checkpoint.settled(pending.mail().id(), place);
        return true;
    }

    private boolean look(ShelfNote.Shelved note) throws IOException {
        Optional<Address> account = Address.parse(note.account());
        if (account.isEmpty()) return false;
        try {
            return accounts.use(account.get(), shelf -> shelf.use(note.mailbox(), box -> box.with(b -> look(b, note))));
        } catch (MailboxFault e) {
            // Mailboxes are made and deleted with force: its owner deleted it, and what lay in it.
            return settle(note.recipient());
        }
    }

    private boolean look(Box box, ShelfNote.Shelved note) throws IOException {
        box.refresh();
        MessageTable table = box.index().table();
        int row = row(table, note);
        if (row < 0) return taken(box, note) && settle(note.recipient());
        Filed filed = table.filed(row);
        if (!whole(box, filed, note)) {
            Removal.remove(box, List.of(filed));
            return false;
        }
        Message again = again(box.folder().read(filed).orElseThrow(), note);
        box.unsettled(new Unsettled(filed, new Unsettled.Source(pending.mail().id(), note.recipient(), again)));
        checkpoint.due(box);
        return true;
    }

    /** The mail of the journal, behind what delivery put in front of it on the shelf. */
    private Message again(Message there, ShelfNote.Shelved note) throws IOException {
        Message mail = pending.mail().message();
        List<HeaderField> front = new ArrayList<>();
        long left = note.size() - mail.size();
        for (HeaderField field : there.header()) {
            if (left <= 0) break;
            front.add(field);
            left -= field.toString().length();
        }
        return mail.withTrace(front);
    }

    private static int row(MessageTable table, ShelfNote.Shelved note) {
        int row = table.row(note.uid());
        if (row >= 0 && table.key(row).equals(note.key())) return row;
        for (row = table.rows() - 1; row >= 0; row--) if (table.key(row).equals(note.key())) return row;
        return -1;
    }

    /** Whether all bytes got to the disk: behind what delivery put in front stands the mail as the journal has it. */
    private boolean whole(Box box, Filed filed, ShelfNote.Shelved note) throws IOException {
        Optional<Message> there = box.folder().read(filed);
        Message mail = pending.mail().message();
        if (there.isEmpty() || there.get().size() != note.size() || note.size() < mail.size()) return false;
        if (!pending.powerLost()) return true;
        try (InputStream shelf = there.get().open();
                InputStream journal = mail.open()) {
            shelf.skipNBytes(note.size() - mail.size());
            byte[] ours = new byte[8192];
            for (int n; (n = journal.readNBytes(ours, 0, ours.length)) > 0; )
                if (!java.util.Arrays.equals(ours, 0, n, shelf.readNBytes(n), 0, n)) return false;
            return true;
        }
    }

    /**
     * Of what is not there: whether its owner took it. The shelf may know that it never got there, or, as an mbox, not be able to tell: then it comes again.
     * Where the shelf knows of no such thing the index is asked, which hears of a message behind its place: what never got there has left no trace that would
     * last. What the power took has left none either.
     */
    private boolean taken(Box box, ShelfNote.Shelved note) throws IOException {
        Index index = box.index();
        // The UID was seen: whatever comes now gets another one.
        if (index.uidValidity() == note.uidValidity()) index.skipTo(note.uid() + 1);
        if (pending.powerLost() || box.folder().unplaced(note.key())) return false;
        // In a mailbox that was renamed, UIDs are those that they were.
        boolean same = note.uidValidity() == 0 || note.uidValidity() == index.uidValidity();
        return same && index.expunged(note.uid());
    }
}
