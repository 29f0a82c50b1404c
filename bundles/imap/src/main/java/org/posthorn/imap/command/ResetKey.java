package org.posthorn.imap.command;

import java.io.IOException;
import java.util.Optional;
import org.posthorn.api.mailbox.AccessKeys;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** RESETKEY, RFC 4467 7. */
final class ResetKey implements Command {

    static final Answer UNKNOWN_MECHANISM = Answer.no("[CANNOT] INTERNAL is the only mechanism");

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments();
        AccessKeys keys = session.account().store().keys(session.user().orElseThrow());
        if (in.atEnd()) {
            keys.removeAll();
            session.keys().reset(Optional.empty());
            return Answer.ok("All keys removed");
        }
        String mailbox = in.space().mailbox();
        while (in.passSpace()) if (!Internal.isNext(in)) return UNKNOWN_MECHANISM;
        in.end();
        String name = session.mailbox(mailbox).name();
        keys.renew(name);
        session.keys().reset(Optional.of(name));
        return Answer.ok(Internal.URLMECH + " There is a new key");
    }
}
