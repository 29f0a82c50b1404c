package org.posthorn.imap.command;

import org.posthorn.imap.Answer;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** NAMESPACE, RFC 2342: there are personal mailboxes only. */
final class Namespace implements Command {

    @Override
    public Answer run(Session session, Request request) {
        request.arguments().end();
        session.untagged("NAMESPACE ((\"\" \".\")) NIL NIL");
        return Answer.ok("One namespace");
    }
}
