package org.posthorn.imap.command;

import java.io.IOException;
import java.util.Optional;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** DELETEACL, RFC 4314 3.2. An owner without an entry has all rights again. */
final class DeleteAcl implements Command {

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        String mailbox = in.mailbox();
        Identifier identifier = Identifier.read(in.space());
        in.end();
        session.account().administer(mailbox, identifier.prepared(), before -> Optional.empty());
        return Answer.ok("Deleted");
    }
}
