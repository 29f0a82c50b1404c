package org.posthorn.api.mailbox;

import java.io.IOException;
import java.util.Collection;
import org.osgi.annotation.versioning.ProviderType;
import org.posthorn.api.spool.Pending;

/** How mail that the spool has gets its place. Safe for several threads. */
@ProviderType
public interface Shelving {

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
