package org.posthorn.imap.command;

import java.io.IOException;
import java.util.Optional;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.MailboxName;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** DELETE, RFC 3501 6.3.4 and RFC 9051 6.3.5. */
final class Delete implements Command {

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        MailboxName asked = in.mailboxName();
        String name = asked.name();
        in.end();
        if (name.equalsIgnoreCase("INBOX")) return Answer.no("[CANNOT] INBOX cannot be deleted");
        if (isLevel(session, name)) return Answer.no("[HASCHILDREN] That is only a level above mailboxes");
        session.account().delete(name);
        session.notifications().own(name);
        Listing.deleted(session, asked);
        if (session.selected().filter(s -> s.name().equals(name)).isPresent()) session.select(Optional.empty());
        return Answer.ok("Deleted");
    }

    /** It goes with the last mailbox below it, and not before. */
    private static boolean isLevel(Session session, String name) throws IOException {
        if (session.account().mailbox(name).isPresent()) return false;
        return session.account().list().stream().anyMatch(l -> l.name().equals(name) && !l.selectable());
    }
}
