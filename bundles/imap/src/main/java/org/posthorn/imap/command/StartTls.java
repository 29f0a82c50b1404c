package org.posthorn.imap.command;

import org.posthorn.imap.Answer;
import org.posthorn.imap.Capabilities;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** STARTTLS, RFC 3501 6.2.1. */
final class StartTls implements Command {

    @Override
    public Answer run(Session session, Request request) {
        request.arguments().end();
        if (!Capabilities.startTls(session.connection())) return Answer.bad("TLS is not offered here");
        return session.thenStartTls(request, Answer.ok("Begin TLS now"));
    }
}
