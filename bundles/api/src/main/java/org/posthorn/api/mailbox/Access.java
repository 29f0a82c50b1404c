package org.posthorn.api.mailbox;

import java.io.IOException;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.osgi.annotation.versioning.ProviderType;
import org.posthorn.api.mail.Address;

/** Who may do what with the mailboxes of one account, RFC 4314. A list goes where its mailbox goes, and with it; a new mailbox has that of the nearest one above it. */
@ProviderType
public interface Access {

    /** So many identifiers a mailbox's list may have. */
    int MOST = 100;

    /** The list of a mailbox, without a look whether it is there. */
    AccessList of(String mailbox) throws IOException;

    /**
     * The mailboxes on whose lists an identifier stands, as it is kept there, in order of name: whether there still are such or not. Costs as much as these, and nothing where nobody is
     * given anything.
     */
    SortedSet<String> mailboxes(String identifier) throws IOException;

    /** The same, as that user changes it: who is given something hears from whom. */
    default Access by(Address user) {
        return this;
    }

    /**
     * Changes what an identifier, as {@link AccessList#identifier(String, Address)} gives it, has there: empty is no entry. Outlives a crash of the machine when
     * it returns; sessions that watch the mailbox are woken. Who could not look it up, and may now by his own entry, is subscribed to it (not who has no mailboxes yet, or has
     * many subscriptions to what others share), and each {@link RightsListener} hears of him.
     *
     * @throws MailboxFault NONEXISTENT when there is no such mailbox, LIMIT when its list, or all of the account, had too many
     */
    void change(String mailbox, String identifier, UnaryOperator<Optional<Rights>> change) throws IOException;

    /** Where nobody may be given anything. */
    static Access ofOwner(Address owner) {
        return new Access() {
            @Override
            public AccessList of(String mailbox) {
                return new AccessList(owner, new TreeMap<>());
            }

            @Override
            public SortedSet<String> mailboxes(String identifier) {
                return Collections.emptySortedSet();
            }

            @Override
            public void change(String mailbox, String identifier, UnaryOperator<Optional<Rights>> change)
                    throws MailboxFault {
                throw new MailboxFault(MailboxFault.Kind.CANNOT, "Mailboxes are not shared here");
            }
        };
    }
}
