package org.posthorn.imap.command;

import java.io.IOException;
import java.util.TreeMap;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Levels;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;

/** LSUB, RFC 3501 6.3.9. */
final class Lsub implements Command {

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        String reference = in.dialect().read(in.astring());
        MailboxPattern pattern =
                MailboxPattern.of(reference, in.dialect().read(in.space().listMailbox()));
        in.end();
        if (pattern.pattern().length() > ListRequest.LONGEST)
            throw SyntaxFault.limit("A pattern has " + ListRequest.LONGEST + " characters at most");
        TreeMap<String, Boolean> names = new TreeMap<>();
        for (String name : session.account().subscriptions()) {
            if (pattern.matches(name)) names.put(name, true);
            // With a percent sign at the end, a level stands for what is subscribed below it.
            else if (pattern.pattern().endsWith("%"))
                for (String level : Levels.allAbove(name)) if (pattern.matches(level)) names.putIfAbsent(level, false);
        }
        names.forEach((name, itself) -> session.untagged("LSUB (" + (itself ? "" : "\\Noselect") + ") \""
                + Levels.separator(name) + "\" " + session.dialect().mailbox(name)));
        return Answer.ok("That is all");
    }
}
