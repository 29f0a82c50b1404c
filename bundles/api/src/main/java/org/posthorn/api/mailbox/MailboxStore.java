package org.posthorn.api.mailbox;

import java.io.IOException;
import java.util.Collection;
import org.osgi.annotation.versioning.ProviderType;
import org.posthorn.api.mail.Address;
import org.posthorn.api.spool.Pending;

/** All shelves. Safe for several threads. */
@ProviderType
public interface MailboxStore {

    /** The mailboxes of an account, made with those of {@link SpecialUse} if this is the first time. Cheap; asked for with each command. */
    Account account(Address account) throws IOException;

    /** What is noted of an account's mailboxes and of the server; as cheap. @throws MailboxFault CANNOT where nothing of that kind is kept */
    default Annotations annotations(Address account) throws IOException {
        throw new MailboxFault(MailboxFault.Kind.CANNOT, "Annotations are not kept here");
    }

    /** Who may do what with an account's mailboxes; as cheap. */
    default Access access(Address account) throws IOException {
        return Access.ofOwner(account);
    }

    /** The keys of the URLs by which an account lets others read messages; as cheap. @throws MailboxFault CANNOT where there are none */
    default AccessKeys keys(Address account) throws IOException {
        throw new MailboxFault(MailboxFault.Kind.CANNOT, "Access keys are not kept here");
    }

    /** Whose mailboxes beside his own a user may find. Neither his account nor another is made by asking, or opened. */
    default Namespaces namespaces(Address user) throws IOException {
        return Namespaces.PERSONAL;
    }

    /** Whether it has mailboxes. Looking makes none. */
    default boolean exists(Address account) throws IOException {
        return true;
    }

    /** What the account holds and may hold; it is not made. Reads indexes when nobody has counted yet, and nothing when somebody has. */
    default Quota quota(Address account) throws IOException {
        return Quota.NONE;
    }

    /**
     * Shelves a mail without forcing it: the spool has it. When the shelf has been forced, which happens in the background, the recipient is
     * settled with the spool. At once to be seen by sessions. A delivery without a place in the envelope is forced when this returns.
     *
     * @throws MailboxFault OVERQUOTA when the account is too full for it: nothing of it is there
     */
    Placed deliver(Delivery delivery) throws IOException;

    /**
     * After a restart: what of this mail is on its shelf, or was taken from there by its reader, and needs no delivery. Those are
     * seen to be forced and settled.
     *
     * @return places of recipients in the envelope
     */
    Collection<Integer> shelved(Pending pending) throws IOException;
}
