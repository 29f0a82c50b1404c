package org.posthorn.api.mailbox;

import java.io.IOException;
import org.osgi.annotation.versioning.ProviderType;
import org.posthorn.api.mail.Address;

/** All shelves. Safe for several threads. */
@ProviderType
public interface MailboxStore extends Shelving {

    /** The mailboxes of an account, made with those that each has ({@link SpecialUse#fromStart}) if this is the first time. Cheap; asked for with each command. */
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

    /** An account's messages across its mailboxes; as cheap. @throws MailboxFault CANNOT where they are not kept in that way */
    default Emails emails(Address account) throws IOException {
        throw new MailboxFault(MailboxFault.Kind.CANNOT, "Emails are told by mailbox alone here");
    }

    /**
     * The same as if the account had no other mailboxes than these, at which alone it looks: what is moved here out of another one is updated, and what leaves all of these is destroyed.
     * The state is another one when something happens in one of them. Of mailboxes it tells as changes only that other emails are in them, so it can be asked for changes only as long as
     * the mailboxes are the same ones.
     */
    default Emails emails(Address account, Emails.Sight sight) throws IOException {
        throw new MailboxFault(MailboxFault.Kind.CANNOT, "Emails are told by mailbox alone here");
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
}
