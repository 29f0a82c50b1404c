package org.posthorn.imap.command;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** SORT, RFC 5256 3, with the answers of RFC 5267 3 (ESORT). */
final class Sort implements Command {

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        Optional<SearchReturns> returns = SearchReturns.ifAny(in);
        SortOrder order = SortOrder.parse(in);
        if (!Searching.readAndKnow(in)) return Searching.refuse(session, returns);
        Budget budget = new Budget();
        return Searching.begin(session, request, returns, message -> order.row(message, budget), (rows, program) -> {
            List<Entry> found = order.sorted(rows);
            return SearchAnswer.tell("SORT", session, request, returns, found, program.modSeq())
                    + LiveSearch.begin(session, request, returns, program, Optional.of(order), found);
        });
    }
}
