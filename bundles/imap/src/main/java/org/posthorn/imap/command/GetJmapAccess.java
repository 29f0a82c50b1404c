package org.posthorn.imap.command;

import java.util.Optional;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** GETJMAPACCESS, RFC 9698 4: where the same mail is had by JMAP. */
final class GetJmapAccess implements Command {

    @Override
    public Answer run(Session session, Request request) {
        request.arguments().end();
        Optional<String> url = session.services().jmapSession();
        if (url.isEmpty()) return Answer.bad("There is no JMAP here");
        session.untagged("JMAPACCESS \"" + url.get() + "\"");
        return Answer.ok("That is its session resource");
    }
}
