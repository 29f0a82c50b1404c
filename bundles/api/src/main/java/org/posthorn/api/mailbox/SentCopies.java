package org.posthorn.api.mailbox;

import java.io.IOException;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Keeps for users what they send. Safe for several threads. */
@ProviderType
public interface SentCopies {

    /**
     * Files a mail, \Seen, in the mailbox that its account has for {@link SpecialUse#SENT}; that is made if there is none. A copy that the client keeps itself
     * ({@link Mailbox#appendOwn}) is recognised within some minutes, be it before or behind this: then that one stays, and this one goes. Forced when it returns.
     *
     * @return where it lies; empty when none is wanted, when the account has no mailboxes (none are made), and when the client has its copy there already
     * @throws MailboxFault OVERQUOTA when the account is too full for it, LIMIT when it may have no more mailboxes, CANNOT when the one of that name is for something else, NONEXISTENT
     *     when it was deleted or renamed just now: nothing is filed
     */
    Optional<Placed> keep(SentMail sent) throws IOException;
}
