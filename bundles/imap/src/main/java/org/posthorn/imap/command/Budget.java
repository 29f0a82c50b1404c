package org.posthorn.imap.command;

import org.posthorn.api.mailbox.MailboxFault;

/** What a search may keep of all messages together, in octets or characters: it is one client's, and the memory is everybody's. */
final class Budget {

    private static final long MOST = 16 << 20;

    private long left = MOST;

    /** @throws MailboxFault when there is no more */
    void take(long octets) throws MailboxFault {
        left -= octets;
        if (left < 0)
            throw new MailboxFault(MailboxFault.Kind.LIMIT, "That is too much at once; search for fewer messages");
    }
}
