package org.posthorn.imap.command;

import org.posthorn.imap.Answer;
import org.posthorn.imap.Capabilities;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** CAPABILITY, RFC 3501 6.1.1. */
final class Capability implements Command {

    @Override
    public Answer run(Session session, Request request) {
        request.arguments().end();
        session.untagged("CAPABILITY " + Capabilities.of(session));
        return Answer.ok("That is what there is");
    }
}
