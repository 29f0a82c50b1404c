package org.posthorn.imap.command;

import java.io.IOException;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** EXPUNGE, RFC 3501 6.4.3, and UID EXPUNGE, RFC 4315 2.1. What is gone is told with the news. */
final class Expunge implements Command {

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments();
        UidSet among = request.uid()
                ? in.space().sequenceSet().uids(session.selection())
                : session.selection().uids().all();
        in.end();
        if (session.selection().readOnly()) return Answer.no("[READ-ONLY] The mailbox is open for reading");
        if (!session.mailbox().rights().has('e')) return Answer.no("[NOPERM] You have no right to expunge here");
        return Answer.ok(deleted(session, among) + "Expunged");
    }

    /** Up to where a client that keeps what it knows knows everything now, RFC 7162 3.2.7 and 3.2.9. */
    static String code(Session session) throws IOException {
        return session.qresync()
                ? "[HIGHESTMODSEQ " + session.mailbox().status().highestModSeq() + "] "
                : "";
    }

    /** Removes those of these messages that are marked as deleted. @return the code for the answer, with a space behind it, or nothing */
    static String deleted(Session session, UidSet among) throws IOException {
        Mailbox mailbox = session.mailbox();
        UidSet deleted = UidSet.ofUids(mailbox.entries(among).stream()
                .filter(e -> e.flags().has(Flags.DELETED))
                .mapToLong(Entry::uid));
        return deleted.isEmpty() || mailbox.expunge(deleted).isEmpty() ? "" : code(session);
    }
}
