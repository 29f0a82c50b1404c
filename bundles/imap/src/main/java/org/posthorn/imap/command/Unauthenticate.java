package org.posthorn.imap.command;

import org.posthorn.imap.Answer;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** UNAUTHENTICATE, RFC 8437 3. It may not fail: the client has sent the next login already. */
final class Unauthenticate implements Command {

    @Override
    public boolean needsMailboxes() {
        return false;
    }

    @Override
    public Answer run(Session session, Request request) {
        request.arguments().end();
        return session.loggedOut(request);
    }
}
