package org.posthorn.imap;

import java.io.IOException;
import java.util.Map;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.UidSet;

/** A search whose answer is kept up to date for the client, RFC 5267 4.3. */
public interface Context {

    /** That of the command that asked for it. */
    String tag();

    /** Whether the client is told of messages by sequence number. */
    boolean tellsNumbers();

    /** Whether the client is told the name of the mailbox with each change, RFC 7377 2.1. */
    boolean namesMailbox();

    /** How much it keeps, in numbers and characters. */
    long weight();

    /** These are gone. @return the line about it, which comes before any EXPUNGE; empty for none */
    String gone(UidSet uids, Uids view);

    /** These have changed, or have come: they are to be looked at again. */
    void changed(UidSet uids);

    /** Of those that have changed these are new, and not the client's own doing. */
    void arrived(UidSet uids);

    /** What is fetched of new messages that come in, in parentheses; empty for nothing: RFC 5465 7. */
    String attributes();

    /** The new messages that have come in with the last look, if anything is fetched of them. */
    UidSet joined();

    /** Whether there are any that have not been looked at yet. */
    boolean behind();

    /**
     * Looks at them again, one at least, but no longer than that.
     *
     * @param until when to stop, by the clock of {@link Services#nanoTime}
     * @return the lines about it, or nothing
     */
    String look(Session session, Mailbox mailbox, long until) throws IOException;

    /** All of it as plain values. */
    Map<String, String> suspended();
}
