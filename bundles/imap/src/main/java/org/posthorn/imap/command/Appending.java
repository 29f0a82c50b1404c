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
import org.posthorn.imap.Utf8;
import org.posthorn.mime.BinaryParts;
import org.posthorn.mime.CrlfOctets;
import org.posthorn.mime.Octets;

/**
 * A message as APPEND and REPLACE name it: with its marks, and as a literal or put together from pieces.
 *
 * @param pieces how many
 */
record Appending(Marks marks, int pieces, Source source) {

    /** RFC 3516 4.4. */
    private static final Answer UNKNOWN_CTE =
            Answer.no("[UNKNOWN-CTE] A NUL stands where nothing says that it is binary");

    /** RFC 3501 9 "literal"; what is wrong with a message is a NO, 6.3.11. */
    private static final Answer NUL = Answer.no("[CANNOT] There is a NUL in a literal, which only a literal8 may have");

    private static final Answer OTHER_HEADER = Answer.no("[CANNOT] The header is not in UTF-8");

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
        if (in.lookAhead().equals("UTF8")) {
            Message literal8 = inUtf8(in);
            return new Appending(marks, 1, urls -> encoded(withUtf8Header(literal8)));
        }
        boolean binary = in.atLiteral8();
        Message literal = in.message();
        return new Appending(marks, 1, urls -> binary ? encoded(literal) : inLines(withoutNul(literal)));
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

    /** RFC 9755 3, RFC 6532 3.2. */
    static Message withUtf8Header(Message message) throws IOException {
        if (message.header().stream().allMatch(f -> Utf8.text(f.toString()).isPresent())) return message;
        throw new Refused(OTHER_HEADER);
    }

    static Message withoutNul(Message literal) throws IOException {
        if (BinaryParts.firstNul(octets(literal)).isEmpty()) return literal;
        throw new Refused(NUL);
    }

    /** All lines are going to end in CRLF; parts that say binary become base64 where that would change them. */
    static Message inLines(Message message) throws IOException {
        Octets octets = octets(message);
        return CrlfOctets.sizeOf(octets) == octets.size() ? message : encoded(message);
    }

    private static Octets octets(Message message) {
        return Octets.of(message, 0, message.size());
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
            throw SyntaxFault.limit("At most " + Limits.LITERALS + " messages, or pieces of them, come at once");
        List<Draft> drafts = new ArrayList<>();
        UrlPieces urls = new UrlPieces(session);
        for (Appending a : all) drafts.add(new Draft(a.source.message(urls), a.marks.flags(), a.marks.internalDate()));
        return drafts;
    }
}
