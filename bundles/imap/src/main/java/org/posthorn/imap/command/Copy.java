package org.posthorn.imap.command;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mailbox.Copied;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.SequenceSet;
import org.posthorn.imap.Session;
import org.posthorn.imap.Text;

/** COPY, RFC 3501 6.4.7, and MOVE, RFC 6851, with the code of RFC 4315 3. */
record Copy(boolean moving) implements Command {

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        SequenceSet set = in.sequenceSet();
        String name = in.space().mailbox();
        in.end();
        UidSet uids = set.resolve(session.selection(), request.uid());
        if (moving && session.selection().readOnly()) return Answer.no("[READ-ONLY] The mailbox is open for reading");
        Optional<Mailbox> target = session.account().target(name);
        if (target.isEmpty()) return Answer.no("[TRYCREATE] There is no such mailbox");
        if (moving && target.get().name().equals(session.selection().name()))
            return Answer.no("[CANNOT] The messages are there already");
        List<Entry> entries = session.mailbox().entries(uids);
        // RFC 2180 4.4.1: nothing is copied, as a client may take it for all of them.
        if (!request.uid() && entries.size() < uids.size())
            return Answer.no("[EXPUNGEISSUED] Some of the messages are gone");
        Optional<Answer> full = Keywords.refusal(target.get(), Keywords.of(entries), session.selected());
        if (full.isPresent()) return full.get();
        Copied copied = moving
                ? session.mailbox().move(uids, target.get())
                : session.mailbox().copy(uids, target.get());
        session.notifications().own(target.get(), copied.to());
        String code = target.get().rights().has('r') ? code(copied) : "";
        return moving ? moved(session, copied, code) : Answer.ok(code + "Copied");
    }

    /** Tells the new UIDs before the EXPUNGEs, RFC 6851 4.3. */
    private static Answer moved(Session session, Copied copied, String code) throws IOException {
        if (copied.from().isEmpty()) return Answer.ok("Moved");
        session.untagged("OK " + code + "Moved");
        return Answer.ok(Expunge.code(session) + "Moved");
    }

    /** Not for who may not select the target, RFC 4315 3. */
    private static String code(Copied copied) {
        if (copied.from().isEmpty()) return "";
        return "[COPYUID " + copied.uidValidity() + " " + Text.inOrder(copied.from()) + " " + Text.inOrder(copied.to())
                + "] ";
    }
}
