package org.posthorn.imap.command;

import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** ENABLE, RFC 5161. What is not known is passed over. */
final class Enable implements Command {

    @Override
    public Answer run(Session session, Request request) {
        Arguments in = request.arguments();
        boolean condstore = false;
        do condstore |= in.space().keyword().equals("CONDSTORE");
        while (!in.atEnd());
        session.untagged(condstore ? "ENABLED CONDSTORE" : "ENABLED");
        if (condstore) session.enableCondstore();
        return Answer.ok("Enabled");
    }
}
