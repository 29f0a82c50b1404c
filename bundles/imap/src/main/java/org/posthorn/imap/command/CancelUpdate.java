package org.posthorn.imap.command;

import java.util.ArrayList;
import java.util.List;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** CANCELUPDATE, RFC 5267 4.3.5. A tag that is not known is no mistake: its search may have ended by itself. */
final class CancelUpdate implements Command {

    @Override
    public Answer run(Session session, Request request) {
        Arguments in = request.arguments();
        List<String> tags = new ArrayList<>();
        do tags.add(in.space().string());
        while (!in.atEnd());
        tags.forEach(session.selection().contexts()::cancel);
        return Answer.ok("No further updates");
    }
}
