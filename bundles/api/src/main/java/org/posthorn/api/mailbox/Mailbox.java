package org.posthorn.api.mailbox;

import java.io.IOException;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One mailbox, shared by all sessions. Not to be kept beyond the lease it was had by: ask the account again with each command. Safe for several
 * threads; a call sees all that calls before it did, from any session.
 */
@ProviderType
public interface Mailbox extends MailboxReading, MailboxWriting {

    /**
     * Makes the caller the session to which messages are recent, up to that UID: those from the result on. Later callers get later ones. Does not look
     * what other programs did.
     */
    long claimRecent(long upTo) throws IOException;

    /**
     * As {@link #append(List)}, for a program with which the account's owner himself reads his mail: what is its copy of something that he sends takes the place of the
     * one of {@link SentCopies}, which is removed, forced, when this is safe; a failure of that is told in the log alone.
     */
    default List<Entry> appendOwn(List<Draft> drafts) throws IOException {
        return append(drafts);
    }
}
