package org.posthorn.imap.command;

import java.io.IOException;
import java.util.Optional;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Selection;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;

/** SELECT and EXAMINE, RFC 3501 6.3.1 and 6.3.2, with the parameter of RFC 7162 3.1.8. */
record Select(boolean readOnly) implements Command {

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        String name = in.mailbox();
        boolean condstore = in.passSpace() && condstore(in);
        in.end();
        // A SELECT that fails leaves nothing selected.
        session.select(Optional.empty());
        Mailbox mailbox = session.mailbox(name);
        session.select(Optional.of(Selection.open(session, mailbox, readOnly)));
        if (condstore) session.enableCondstore();
        return Answer.ok(readOnly ? "[READ-ONLY] Selected, for reading" : "[READ-WRITE] Selected");
    }

    private static boolean condstore(Arguments in) {
        in.expect('(');
        do if (!in.keyword().equals("CONDSTORE")) throw new SyntaxFault("There is no such parameter");
        while (in.passSpace());
        in.expect(')');
        return true;
    }
}
