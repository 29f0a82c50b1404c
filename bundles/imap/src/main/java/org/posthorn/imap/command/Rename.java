package org.posthorn.imap.command;

import java.io.IOException;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Levels;
import org.posthorn.imap.MailboxName;
import org.posthorn.imap.Request;
import org.posthorn.imap.Selection;
import org.posthorn.imap.Session;

/** RENAME, RFC 3501 6.3.5 and RFC 9051 6.3.6. */
final class Rename implements Command {

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        MailboxName was = in.mailboxName();
        MailboxName is = in.space().mailboxName();
        in.end();
        String from = was.name();
        String to = Create.plain(is.name());
        session.account().rename(from, to);
        session.notifications().own(from);
        session.notifications().own(to);
        session.selected().ifPresent(s -> follow(session, s, from, to));
        boolean asGiven = was.given().equals(from) && Create.plain(is.given()).equals(to);
        if (!asGiven) Listing.named(session, was.given(), to);
        return Answer.ok("Renamed");
    }

    /** What the session has selected goes on under its new name; INBOX stays INBOX, only its messages move. */
    private static void follow(Session session, Selection selected, String from, String to) {
        String name = selected.name();
        if (from.equalsIgnoreCase("INBOX")) return;
        if (!Levels.isWithin(name, from)) return;
        String now = to + name.substring(from.length());
        session.connection().send(selected.renamed(now));
        session.keys().renamed(now);
    }
}
