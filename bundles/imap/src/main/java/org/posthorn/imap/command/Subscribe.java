package org.posthorn.imap.command;

import java.io.IOException;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** SUBSCRIBE and UNSUBSCRIBE, RFC 3501 6.3.6 and 6.3.7. */
record Subscribe(boolean on) implements Command {

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        String name = in.mailbox();
        in.end();
        if (on) session.account().subscribe(name);
        else session.account().unsubscribe(name);
        session.notifications().own(name);
        return Answer.ok(on ? "Subscribed" : "Unsubscribed");
    }
}
