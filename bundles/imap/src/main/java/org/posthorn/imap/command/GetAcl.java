package org.posthorn.imap.command;

import java.io.IOException;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;
import org.posthorn.imap.Text;

/** GETACL, RFC 4314 3.3. */
final class GetAcl implements Command {

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        String mailbox = in.mailbox();
        in.end();
        StringBuilder out = new StringBuilder("ACL ").append(session.dialect().mailbox(mailbox));
        session.account().administered(mailbox).entries().forEach((identifier, rights) -> out.append(' ')
                .append(Text.astring(session.dialect().octets(identifier)))
                .append(' ')
                .append(Text.astring(rights.told())));
        session.untagged(out.toString());
        return Answer.ok("Those are its rights");
    }
}
