package org.posthorn.mailbox;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.spool.ShelfNote;

/** What is written down on the disk of a test about mail and mailboxes: what a user was told, and what the journal was. */
final class Facts {

    /** In which mailboxes the message of that number lies, one of these ways. Mailboxes in order of name; one twice for two copies. */
    record Lies(int number, Set<List<String>> ways) {}

    /** It has this UID there, for ever. */
    record HasUid(int number, String mailbox, long uid, long uidValidity) {}

    /** It has this EMAILID wherever it lies. */
    record HasEmailId(int number, long emailId) {}

    /** That mailbox has this MAILBOXID. */
    record HasMailboxId(String mailbox, String id) {}

    /** It has one of these sets of flags there. */
    record HasFlags(int number, String mailbox, Set<Flags> flags) {}

    /** No UID up to this one is given again in that mailbox. */
    record UidsGiven(String mailbox, long uid, long uidValidity) {}

    /** The journal has the mail: its sender has a 250. */
    record Accepted(int number, Mail mail) {}

    /** The journal was told, and has it forced. */
    record Forced(MailId id, ShelfNote note) {}

    /** The journal was told, and may forget it again. */
    record Lazy(MailId id, Collection<ShelfNote> notes, boolean settled) {}

    private Facts() {}

    /** The last word about each number. */
    static <T> Map<Object, T> last(List<T> facts, java.util.function.Function<T, Object> about) {
        Map<Object, T> last = new TreeMap<>(java.util.Comparator.comparing(Object::toString));
        facts.forEach(f -> last.put(about.apply(f), f));
        return last;
    }
}
