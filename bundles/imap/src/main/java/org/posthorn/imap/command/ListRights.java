package org.posthorn.imap.command;

import java.io.IOException;
import org.posthorn.api.mailbox.AccessList;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;
import org.posthorn.imap.Text;

/** LISTRIGHTS, RFC 4314 3.4: each right can be given by itself. */
final class ListRights implements Command {

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        String mailbox = in.mailbox();
        Identifier identifier = Identifier.read(in.space());
        in.end();
        AccessList list = session.account().administered(mailbox);
        boolean owner = AccessList.identifier(identifier.prepared(), list.owner())
                .filter(i -> AccessList.names(i, list.owner()))
                .isPresent();
        Rights always = owner ? AccessList.KEPT : Rights.NONE;
        StringBuilder out = new StringBuilder("LISTRIGHTS ")
                .append(session.dialect().mailbox(mailbox))
                .append(' ')
                .append(Text.astring(identifier.octets()))
                .append(' ')
                .append(Text.astring(always.told()));
        for (char right : Rights.ALL.without(always).told().toCharArray())
            out.append(' ').append(right);
        session.untagged(out.toString());
        return Answer.ok("Those can be given");
    }
}
