package org.posthorn.imap.command;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.MailboxName;
import org.posthorn.imap.Request;
import org.posthorn.imap.Selection;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;

/** SELECT and EXAMINE, RFC 3501 6.3.1 and 6.3.2, RFC 9051 6.3.2 and 6.3.3, with the parameters of RFC 7162 3.1.8 and 3.2.5. */
record Select(boolean readOnly) implements Command {

    /** Whether mod-sequences are asked for, and what the client remembers. */
    private record Parameters(boolean condstore, Optional<Resync> resync) {

        private static Parameters parse(Arguments in) {
            Parameters all = new Parameters(false, Optional.empty());
            in.expect('(');
            do all = all.with(in.keyword(), in);
            while (in.passSpace());
            in.expect(')');
            return all;
        }

        private Parameters with(String name, Arguments in) {
            return switch (name) {
                case "CONDSTORE" -> new Parameters(true, resync);
                case "QRESYNC" -> new Parameters(condstore, Optional.of(Resync.parse(in)));
                default -> throw new SyntaxFault("There is no such parameter");
            };
        }
    }

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        MailboxName name = in.mailboxName();
        Parameters parameters = in.passSpace() ? Parameters.parse(in) : new Parameters(false, Optional.empty());
        in.end();
        Optional<Resync> resync = parameters.resync;
        if (resync.isPresent() && !session.qresync()) throw new SyntaxFault("QRESYNC must be enabled first");
        if (session.uidOnly() && resync.flatMap(Resync::sample).isPresent()) throw SyntaxFault.uidRequired();
        // What comes behind that is about the other one, RFC 7162 3.2.11.
        if (session.selected().isPresent()) session.untagged("OK [CLOSED] The mailbox before is closed");
        // A SELECT that fails leaves nothing selected.
        session.select(Optional.empty());
        Mailbox mailbox = session.mailbox(name.name());
        Selection view = Selection.open(session, mailbox, readOnly);
        Listing.selected(session, name, mailbox.name());
        session.select(Optional.of(view));
        if (parameters.condstore) session.enableCondstore();
        Answer answer = Answer.ok(view.readOnly() ? "[READ-ONLY] Selected, for reading" : "[READ-WRITE] Selected");
        if (resync.isEmpty()) return answer;
        List<Entry> changed = resync.get().tell(session, mailbox, view);
        return session.tell(request, view.changed(session, changed), answer);
    }
}
