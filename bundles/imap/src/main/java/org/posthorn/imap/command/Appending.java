package org.posthorn.imap.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Draft;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Limits;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;
import org.posthorn.mime.BinaryParts;

/**
 * A message as APPEND and REPLACE name it: with its marks, and as a literal or put together from pieces.
 *
 * @param pieces how many
 */
record Appending(Marks marks, int pieces, Source source) {

    /** RFC 3516 4.4. */
    private static final Answer UNKNOWN_CTE =
            Answer.no("[UNKNOWN-CTE] A NUL stands where nothing says that it is binary");

    /** A message that cannot be made of what the client has said. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        private final transient Answer answer;

        Refused(Answer answer) {
            super(answer.text());
            this.answer = answer;
        }

        Answer answer() {
            return answer;
        }
    }

    /** Where it comes from. */
    @FunctionalInterface
    interface Source {
        /** @throws Refused when it cannot be made */
        Message message(UrlPieces urls) throws IOException;
    }

    static Appending parse(Arguments in) {
        Marks marks = Marks.parse(in);
        if (in.lookAhead().equals("CATENATE")) {
            Catenation all = Catenation.parse(in);
            return new Appending(marks, all.pieces().size(), all::message);
        }
        boolean utf8 = in.lookAhead().equals("UTF8");
        boolean binary = utf8 || in.atLiteral8();
        Message literal = utf8 ? inUtf8(in) : in.message();
        return new Appending(marks, 1, urls -> binary ? encoded(literal) : literal);
    }

    /** Reads {@code UTF8 (~{n}…)}, RFC 6855 4; RFC 9755 does without it. */
    static Message inUtf8(Arguments in) {
        openUtf8(in);
        Message literal = in.message();
        in.expect(')');
        return literal;
    }

    private static void openUtf8(Arguments in) {
        in.keyword();
        in.space().expect('(');
        if (!in.atLiteral8()) throw new SyntaxFault("Expected ~");
    }

    /** Parts that say binary become base64. */
    static Message encoded(Message literal) throws IOException {
        return BinaryParts.encoded(literal).orElseThrow(() -> new Refused(UNKNOWN_CTE));
    }

    /** Passes over one that is not there as a whole. @return whether a literal that belongs to a message is what comes next */
    static boolean atLiteral(Arguments soFar) {
        Marks.parse(soFar);
        String form = soFar.lookAhead();
        if (form.equals("CATENATE")) return Catenation.atText(soFar);
        return form.equals("UTF8") ? atUtf8(soFar) : atOrBehind(soFar);
    }

    /** The same of what {@link #inUtf8} reads. */
    static boolean atUtf8(Arguments soFar) {
        openUtf8(soFar);
        if (atOrBehind(soFar)) return true;
        soFar.expect(')');
        return false;
    }

    /** Whether the literal is the last; passes over it if not. */
    static boolean atOrBehind(Arguments soFar) {
        if (soFar.atLastLiteral()) return true;
        soFar.passMessage();
        return false;
    }

    /** The messages themselves. @throws Refused for the first that cannot be made */
    static List<Draft> drafts(Session session, List<Appending> all) throws IOException {
        if (all.stream().mapToInt(Appending::pieces).sum() > Limits.LITERALS)
            throw new SyntaxFault("Too many messages, or pieces of them");
        List<Draft> drafts = new ArrayList<>();
        UrlPieces urls = new UrlPieces(session);
        for (Appending a : all) drafts.add(new Draft(a.source.message(urls), a.marks.flags(), a.marks.internalDate()));
        return drafts;
    }
}
