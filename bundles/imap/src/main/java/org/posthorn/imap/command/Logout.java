package org.posthorn.imap.command;

import org.posthorn.imap.Answer;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** LOGOUT, RFC 3501 6.1.3. */
final class Logout implements Command {

    @Override
    public Answer run(Session session, Request request) {
        request.arguments().end();
        return session.end(request, Answer.ok("Good bye"));
    }
}
