package org.posthorn.imap.command;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;
import org.posthorn.imap.Uids;

/** SEARCH, RFC 3501 6.4.4, with the answers of RFC 4731 (ESEARCH) and RFC 7162 3.1.5 (MODSEQ). */
final class Search implements Command {

    private static final Set<String> CHARSETS = Set.of("US-ASCII", "UTF-8");
    private static final Set<String> RETURNS = Set.of("MIN", "MAX", "ALL", "COUNT");

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        Optional<Set<String>> returns = in.lookAhead().equals("RETURN") ? Optional.of(returns(in)) : Optional.empty();
        if (in.lookAhead().equals("CHARSET") && !CHARSETS.contains(charset(in)))
            return Answer.no("[BADCHARSET (US-ASCII UTF-8)] That character set is not known");
        SearchParser parser = new SearchParser(in, session.selection().uids());
        SearchKey.And key = parser.parse();
        in.end();
        if (parser.usesModSeq()) session.enableCondstore();
        UidSet scope = scope(session.selection().uids(), key);
        List<Entry> among = session.mailbox().entries(scope);
        return new Searching(session, request, key, among, parser.texts(), found -> {
                    SearchAnswer answer =
                            new SearchAnswer(found, session.selection().uids(), request.uid(), parser.usesModSeq());
                    return returns.isPresent() ? answer.extended(request.tag(), returns.get()) : answer.plain();
                })
                .turn();
    }

    private static Set<String> returns(Arguments in) {
        in.keyword();
        in.space().expect('(');
        Set<String> returns = new HashSet<>();
        while (!in.pass(')')) {
            if (!returns.isEmpty()) in.space();
            String option = in.keyword();
            if (!RETURNS.contains(option)) throw new SyntaxFault("There is no such result");
            returns.add(option);
        }
        in.space();
        // RFC 4731 3.1
        return returns.isEmpty() ? Set.of("ALL") : returns;
    }

    private static String charset(Arguments in) {
        in.keyword();
        String charset = in.space().astring().toUpperCase(Locale.ROOT);
        in.space();
        return charset;
    }

    /** Only messages that keys on numbers leave are looked at. */
    private static UidSet scope(Uids view, SearchKey.And key) {
        UidSet scope = view.all();
        for (SearchKey k : key.keys())
            if (k instanceof SearchKey.Among among) scope = new Uids(scope).within(among.uids());
        return scope;
    }
}
