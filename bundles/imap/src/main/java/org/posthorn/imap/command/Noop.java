package org.posthorn.imap.command;

import org.posthorn.imap.Answer;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** NOOP and CHECK, RFC 3501 6.1.2 and 6.4.1: news are told with every command, and nothing waits to be written. */
record Noop(String text) implements Command {

    @Override
    public Answer run(Session session, Request request) {
        request.arguments().end();
        return Answer.ok(text);
    }
}
