package org.posthorn.imap.command;

import java.io.IOException;
import java.util.Optional;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** CLOSE, RFC 3501 6.4.2, and UNSELECT, RFC 3691, which is the same without the expunge. */
record Close(boolean expunging) implements Command {

    @Override
    public Answer run(Session session, Request request) throws IOException {
        request.arguments().end();
        // Who has no right to expunge closes all the same, RFC 4314 4.
        if (expunging
                && !session.selection().readOnly()
                && session.mailbox().rights().has('e'))
            Expunge.deleted(session, session.selection().uids().all());
        session.select(Optional.empty());
        // No HIGHESTMODSEQ here, RFC 7162 3.2.8: the client has not heard of all up to it.
        return Answer.ok("Nothing is selected any more");
    }
}
