package org.posthorn.imap.command;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Levels;
import org.posthorn.imap.MailboxName;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;

/** CREATE, RFC 3501 6.3.3 and RFC 9051 6.3.4, with the use of RFC 6154 3; its answer as in RFC 8474 4.1. */
final class Create implements Command {

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        MailboxName name = in.mailboxName();
        Use use = in.passSpace() ? use(in) : new Use(0, Optional.empty());
        in.end();
        if (use.asked > 0 && use.known.isEmpty()) return Answer.no("[USEATTR] There is no such use");
        if (use.asked > 1) return Answer.no("[USEATTR] A mailbox has one use at most");
        String plain = plain(name.name());
        String id = session.account().create(plain, use.known);
        session.notifications().own(plain);
        Listing.named(session, plain(name.given()), plain);
        return Answer.ok("[MAILBOXID (" + id + ")] Created");
    }

    /** A separator behind the name says that more is to come below it, which needs no saying here. */
    static String plain(String name) {
        String plain = name.endsWith(".") || name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        // Without the one behind it a name of others' must still be one.
        return Levels.separator(plain) == Levels.separator(name) ? plain : name;
    }

    /** How many uses were asked for, and the last one that exists. */
    private record Use(int asked, Optional<SpecialUse> known) {}

    private static Use use(Arguments in) {
        in.expect('(');
        if (!in.keyword().equals("USE")) throw new SyntaxFault("There is no such parameter");
        in.space().expect('(');
        Use use = new Use(0, Optional.empty());
        while (!in.pass(')')) {
            if (use.asked > 0) in.space();
            String name = in.expect('\\').atom();
            use = new Use(use.asked + 1, named(name));
        }
        in.expect(')');
        return use;
    }

    private static Optional<SpecialUse> named(String attribute) {
        return Arrays.stream(SpecialUse.values())
                .filter(u -> u.mailbox().equalsIgnoreCase(attribute))
                .findFirst();
    }
}
