package org.posthorn.imap.command;

import java.io.IOException;
import java.util.Optional;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** DELETE, RFC 3501 6.3.4. */
final class Delete implements Command {

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        String name = in.mailbox();
        in.end();
        if (name.equalsIgnoreCase("INBOX")) return Answer.no("[CANNOT] INBOX cannot be deleted");
        session.account().delete(name);
        if (session.selected().filter(s -> s.name().equals(name)).isPresent()) session.select(Optional.empty());
        return Answer.ok("Deleted");
    }
}
