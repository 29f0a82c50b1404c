package org.posthorn.jmap.mail;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.api.mailbox.SpecialUse;

/**
 * A Mailbox as RFC 8621 2 has it, without what is counted.
 *
 * @param id the MAILBOXID
 * @param path full name as the store has it
 * @param parent the id of the nearest one above it; empty at the top
 * @param name what its path adds to that of its parent
 * @param order its place among others as its owner has set it; empty when he has not
 * @param rights of whoever asks
 */
record Folder(
        String id,
        String path,
        String parent,
        String name,
        boolean subscribed,
        Optional<SpecialUse> use,
        OptionalInt order,
        Rights rights) {

    static final String INBOX = "INBOX";

    private static final List<SpecialUse> ORDER = List.of(
            SpecialUse.SNOOZED,
            SpecialUse.DRAFTS,
            SpecialUse.SCHEDULED,
            SpecialUse.SENT,
            SpecialUse.ARCHIVE,
            SpecialUse.JUNK,
            SpecialUse.TRASH);

    private static final int LAST = 10;

    /** His rights as he is told them. */
    Rights toldRights() {
        return isInbox() ? MailboxRights.inInbox(rights) : rights;
    }

    /** RFC 8621 2. */
    boolean mayRead() {
        return rights.hasAll("lr");
    }

    /** The same with these. */
    Folder with(Optional<SpecialUse> otherUse, OptionalInt otherOrder) {
        return new Folder(id, path, parent, name, subscribed, otherUse, otherOrder, rights);
    }

    /** Whether it lies in that other one, at whatever depth. */
    boolean isBelow(Folder other) {
        return path.startsWith(other.path + ".");
    }

    boolean isInbox() {
        return path.equals(INBOX);
    }

    /** What people read of one that lies at the top of what they see. */
    static String name(String path) {
        return path.equals(INBOX) ? "Inbox" : path;
    }

    /** As the registry of IMAP mailbox name attributes has it, in lower case; empty when it has none. */
    String role() {
        return isInbox() ? "inbox" : use.map(Folder::role).orElse("");
    }

    static String role(SpecialUse use) {
        return use.name().toLowerCase(java.util.Locale.ROOT);
    }

    /** RFC 8621 2; where its owner has set none, that which its role suggests. */
    int sortOrder() {
        return order.orElseGet(this::usualOrder);
    }

    private int usualOrder() {
        return isInbox() ? 1 : use.map(u -> 2 + ORDER.indexOf(u)).orElse(LAST);
    }
}
