package org.posthorn.imap.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Draft;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Limits;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;

/**
 * A message as APPEND and REPLACE name it: with its marks, and as a literal or put together from pieces.
 *
 * @param pieces how many
 */
record Appending(Marks marks, int pieces, Source source) {

    /** Where it comes from. */
    @FunctionalInterface
    interface Source {
        /** @throws Catenation.BadUrl when it is named by one */
        Message message(Session session) throws IOException;
    }

    static Appending parse(Arguments in) {
        Marks marks = Marks.parse(in);
        if (in.lookAhead().equals("CATENATE")) {
            Catenation all = Catenation.parse(in);
            return new Appending(marks, all.pieces().size(), all::message);
        }
        Message literal = in.message();
        return new Appending(marks, 1, session -> literal);
    }

    /** Passes over one that is not there as a whole. @return whether a literal that belongs to a message is what comes next */
    static boolean atLiteral(Arguments soFar) {
        Marks.parse(soFar);
        if (soFar.lookAhead().equals("CATENATE")) return Catenation.atText(soFar);
        if (soFar.atLastLiteral()) return true;
        soFar.passMessage();
        return false;
    }

    /** The messages themselves. @throws Catenation.BadUrl for the first URL that leads to nothing */
    static List<Draft> drafts(Session session, List<Appending> all) throws IOException {
        if (all.stream().mapToInt(Appending::pieces).sum() > Limits.LITERALS)
            throw new SyntaxFault("Too many messages, or pieces of them");
        List<Draft> drafts = new ArrayList<>();
        for (Appending a : all)
            drafts.add(new Draft(a.source.message(session), a.marks.flags(), a.marks.internalDate()));
        return drafts;
    }
}
