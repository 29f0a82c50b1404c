package org.posthorn.imap.command;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mailbox.Draft;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;

/** REPLACE, RFC 8508: a message is put into a mailbox, then the one that it replaces goes. A crash in between leaves both. */
final class Replace implements Command {

    @Override
    public boolean streams(Arguments soFar) {
        try {
            soFar.space().sequenceSet();
            soFar.space().mailbox();
            return Appending.atLiteral(soFar.space());
        } catch (IOException | SyntaxFault notYet) {
            return false;
        }
    }

    /** How much room there is depends on the message that goes. */
    @Override
    public Optional<Answer> refusal(Session session, Arguments soFar, long octets) throws IOException {
        soFar.space().sequenceSet();
        return Append.missing(session, soFar.space().mailbox());
    }

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        UidSet uids = in.sequenceSet().resolve(session.selection(), request.uid());
        String name = in.space().mailbox();
        Appending appending = Appending.parse(in.space());
        in.end();
        if (uids.size() > 1) throw new SyntaxFault("One message is replaced at a time");
        if (session.selection().readOnly()) return Answer.no("[READ-ONLY] The mailbox is open for reading");
        if (session.mailbox().entries(uids).isEmpty())
            return Answer.no("[EXPUNGEISSUED] There is no such message any more");
        List<Draft> draft;
        try {
            draft = Appending.drafts(session, List.of(appending));
        } catch (Appending.Refused refused) {
            return refused.answer();
        }
        Optional<Mailbox> target = session.account().target(name);
        Optional<Answer> refusal = Append.refusal(session, target, draft);
        if (refusal.isPresent()) return refusal.get();
        Entry entry = session.mailbox().replace(uids, draft.get(0), target.get());
        session.notifications().own(target.get(), List.of(entry.uid()));
        // The EXPUNGE comes with the news, behind that: RFC 8508 3.4.
        session.untagged("OK " + Append.code(target.get(), List.of(entry)) + "The new one is there");
        return Answer.ok(Expunge.code(session) + "Replaced");
    }
}
