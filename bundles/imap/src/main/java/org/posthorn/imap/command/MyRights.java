package org.posthorn.imap.command;

import java.io.IOException;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;
import org.posthorn.imap.Text;

/** MYRIGHTS, RFC 4314 3.5, and the same in a LIST, RFC 8440. */
final class MyRights implements Command {

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        String mailbox = in.mailbox();
        in.end();
        Mailbox there = session.mailbox(mailbox);
        tell(session, there.name(), there.rights());
        return Answer.ok("Those are your rights");
    }

    static void tell(Session session, String mailbox, Rights rights) {
        session.untagged("MYRIGHTS " + session.dialect().mailbox(mailbox) + " " + Text.astring(rights.told()));
    }
}
