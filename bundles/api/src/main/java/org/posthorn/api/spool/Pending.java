package org.posthorn.api.spool;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.posthorn.api.mail.Mail;

/**
 * A mail that the last process left in the journal.
 *
 * @param settled recipients, by place in the envelope, that need nothing more
 * @param notes what is known of copies on the shelf, in order
 * @param powerLost whether the machine itself went down since (its boot id changed), so that what was not forced may be gone
 */
public record Pending(Mail mail, Set<Integer> settled, List<ShelfNote> notes, boolean powerLost) {

    /** Recipients whose copy lies on a shelf, or was taken from there, as the notes tell. */
    public Set<Integer> shelved() {
        Set<Integer> shelved = new HashSet<>();
        for (ShelfNote note : notes)
            if (note.withdrawn()) shelved.remove(note.recipient());
            else shelved.add(note.recipient());
        return shelved;
    }
}
