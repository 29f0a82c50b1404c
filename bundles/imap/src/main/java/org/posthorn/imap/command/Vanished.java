package org.posthorn.imap.command;

import java.io.IOException;
import org.posthorn.api.mailbox.Changes;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.imap.Session;

/** What is told of messages that are gone, RFC 7162 3.2.10. */
final class Vanished {

    private Vanished() {}

    /**
     * Of these UIDs those that are gone since; if nobody remembers, all that are not there. What the session has not been told of yet still
     * has its number, and is told with the news.
     */
    static void earlier(Session session, Mailbox mailbox, Changes since, UidSet among) throws IOException {
        long last = mailbox.status().uidNext() - 1;
        if (last == 0) return;
        UidSet gone = since.complete() ? since.vanished() : UidSet.range(1, last);
        UidSet told = gone.within(among).without(session.selection().uids().all());
        if (!told.isEmpty()) session.untagged("VANISHED (EARLIER) " + told);
    }
}
