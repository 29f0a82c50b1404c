package org.posthorn.imap.command;

import java.io.IOException;
import java.util.Optional;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** SEARCH, RFC 3501 6.4.4 and RFC 9051 6.4.4, with the answers of RFC 4731 (ESEARCH) and RFC 7162 3.1.5 (MODSEQ). */
final class Search implements Command {

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        Optional<SearchReturns> asked = SearchReturns.ifAny(in);
        boolean all = asked.isEmpty() && session.dialect().isRev2();
        Optional<SearchReturns> returns = all ? Optional.of(SearchReturns.EVERYTHING) : asked;
        if (!Searching.knowsCharset(in)) return Searching.refuse(session, returns);
        return Searching.begin(
                session,
                request,
                returns,
                Candidate::entry,
                (found, program) -> SearchAnswer.tell("SEARCH", session, request, returns, found, program.modSeq())
                        + LiveSearch.begin(session, request, returns, program, Optional.empty(), found));
    }
}
