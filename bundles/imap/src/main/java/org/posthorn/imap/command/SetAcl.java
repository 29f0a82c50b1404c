package org.posthorn.imap.command;

import java.io.IOException;
import java.util.Optional;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.api.mailbox.RightsChange;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;

/** SETACL, RFC 4314 3.1. */
final class SetAcl implements Command {

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        String mailbox = in.mailbox();
        Identifier identifier = Identifier.read(in.space());
        RightsChange change = RightsChange.parse(in.space().astring())
                .orElseThrow(() -> new SyntaxFault("Rights are " + Rights.ALL.told()));
        in.end();
        session.account()
                .administer(
                        mailbox,
                        identifier.prepared(),
                        before -> Optional.of(change.apply(before.orElse(Rights.NONE))));
        return Answer.ok("Set");
    }
}
