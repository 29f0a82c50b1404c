package org.posthorn.imap.command;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.api.mailbox.Stored;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Selection;
import org.posthorn.imap.SequenceSet;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;
import org.posthorn.imap.Text;

/** STORE, RFC 3501 6.4.6, with UNCHANGEDSINCE of RFC 7162 3.1.3. */
final class Store implements Command {

    /** A piece of the answer is complete when it has reached that size, in octets. */
    private static final int PIECE = 1 << 16;

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        SequenceSet set = in.sequenceSet();
        OptionalLong unchangedSince = in.space().peek() == '(' ? unchangedSince(in) : OptionalLong.empty();
        String item = in.keyword();
        boolean silent = item.endsWith(".SILENT");
        FlagChange.Kind kind = kind(silent ? item.substring(0, item.length() - 7) : item);
        FlagChange change = new FlagChange(kind, in.space().anyFlags());
        in.end();
        Selection view = session.selection();
        UidSet uids = set.resolve(view, request.uid());
        if (view.readOnly()) return Answer.no("[READ-ONLY] The mailbox is open for reading");
        if (!maySome(session.mailbox().rights(), change.flags()))
            return Answer.no("[NOPERM] You have no right to change those flags");
        List<String> more =
                kind == FlagChange.Kind.REMOVE ? List.of() : change.flags().keywords();
        Optional<Answer> full = Keywords.refusal(session.mailbox(), more, session.selected());
        if (full.isPresent()) return full.get();
        if (unchangedSince.isPresent()) session.enableCondstore();
        Session.Step store = () -> {
            Stored stored = session.mailbox().store(uids, change, unchangedSince);
            return tell(session, request, stored, silent, answer(view, request, uids, stored));
        };
        return silent ? session.afterFlags(request, store) : store.run();
    }

    /** With one that may be changed the others are passed over, RFC 4314 4. */
    private static boolean maySome(Rights rights, Flags flags) {
        return flags.equals(Flags.NONE)
                ? rights.hasAny("swt")
                : !rights.permitted(flags).equals(Flags.NONE);
    }

    private static Answer answer(Selection view, Request request, UidSet uids, Stored stored) {
        if (!stored.modified().isEmpty()) {
            UidSet modified = request.uid() ? stored.modified() : Text.sequences(stored.modified(), view.uids());
            return Answer.ok("[MODIFIED " + modified + "] Some had changed since");
        }
        // RFC 2180 4.2.1
        boolean all = request.uid() || stored.entries().size() == uids.size();
        return all ? Answer.ok("Stored") : Answer.no("[EXPUNGEISSUED] Some of the messages are gone");
    }

    private static OptionalLong unchangedSince(Arguments in) {
        in.expect('(');
        if (!in.keyword().equals("UNCHANGEDSINCE")) throw new SyntaxFault("There is no such modifier");
        long modSeq = in.space().number();
        in.expect(')').space();
        return OptionalLong.of(modSeq);
    }

    private static FlagChange.Kind kind(String item) {
        return switch (item) {
            case "FLAGS" -> FlagChange.Kind.REPLACE;
            case "+FLAGS" -> FlagChange.Kind.ADD;
            case "-FLAGS" -> FlagChange.Kind.REMOVE;
            default -> throw new SyntaxFault("Expected FLAGS");
        };
    }

    /** Tells the flags as they are now or, when the client wants it silent, only their mod-sequence. */
    private static Answer tell(Session session, Request request, Stored stored, boolean silent, Answer end) {
        List<Entry> changed = stored.entries().stream()
                .filter(e -> !stored.modified().contains(e.uid()))
                .toList();
        session.selection().told(changed);
        session.selection().learn(session, changed);
        if (silent && !session.condstore()) return end;
        Iterator<Entry> rest = changed.iterator();
        return session.produce(request, () -> {
            StringBuilder piece = new StringBuilder();
            while (rest.hasNext() && piece.length() < PIECE) tell(piece, session, request, rest.next(), silent);
            if (piece.length() > 0) session.connection().send(piece.toString());
            return rest.hasNext() ? Answer.LATER : end;
        });
    }

    private static void tell(StringBuilder out, Session session, Request request, Entry e, boolean silent) {
        Selection view = session.selection();
        session.fetched(out, e.uid());
        if (!session.uidOnly() && (request.uid() || session.condstore()))
            out.append("UID ").append(e.uid()).append(' ');
        if (!silent) view.flags(out.append("FLAGS "), e);
        if (session.condstore())
            out.append(silent ? "" : " ").append("MODSEQ (").append(e.modSeq()).append(')');
        out.append(")\r\n");
    }
}
