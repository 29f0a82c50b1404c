package org.posthorn.imap.command;

import java.io.IOException;
import org.posthorn.api.mailbox.Place;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** NAMESPACE, RFC 2342: one's own mailboxes, those of other users and, where there is a public account, public ones. */
final class Namespace implements Command {

    @Override
    public Answer run(Session session, Request request) throws IOException {
        request.arguments().end();
        boolean shared = session.account().namespaces().shared().isPresent();
        session.untagged(
                "NAMESPACE ((\"\" \".\")) " + below(Place.USERS) + " " + (shared ? below(Place.PUBLIC) : "NIL"));
        return Answer.ok("Those are the namespaces");
    }

    private static String below(String name) {
        return "((\"" + name + "/\" \"/\"))";
    }
}
