package org.posthorn.imap.command;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Dialect;
import org.posthorn.imap.Request;
import org.posthorn.imap.Selection;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;

/**
 * A search under way, for SEARCH, SORT and THREAD: a turn is short, and between two of them others may come, or the client may go.
 *
 * @param <T> what is kept of a message that is found
 */
final class Searching<T> {

    /** What is kept of a message that is found. */
    @FunctionalInterface
    interface Harvest<T> {
        T of(Candidate message) throws IOException;
    }

    /** What is told of all that was found, in order of UID; an empty text for nothing. */
    @FunctionalInterface
    interface Telling<T> {
        String of(List<T> found, SearchProgram program) throws IOException;
    }

    private static final Set<String> CHARSETS = Set.of("US-ASCII", "UTF-8");

    private final Session session;
    private final Selection view;
    private final SearchProgram program;
    private final Iterator<Entry> rest;
    private final int among;
    private final Harvest<T> harvest;
    private final List<T> found = new ArrayList<>();
    private int looked;

    /** @param view of the mailbox */
    Searching(Session session, Mailbox mailbox, Selection view, SearchProgram program, Harvest<T> harvest)
            throws IOException {
        this.session = session;
        this.view = view;
        this.program = program;
        List<Entry> entries = mailbox.entries(program.key().scope(view.uids().all()));
        this.rest = entries.iterator();
        this.among = entries.size();
        this.harvest = harvest;
    }

    Selection view() {
        return view;
    }

    SearchProgram program() {
        return program;
    }

    /** In order of UID. */
    List<T> found() {
        return found;
    }

    /** Whether words may come in that character set. */
    static boolean knows(String charset) {
        return CHARSETS.contains(charset.toUpperCase(Locale.ROOT));
    }

    /** Reads the character set, if one is named, with the space behind it. @return whether words may come in it */
    static boolean knowsCharset(Arguments in) {
        if (!in.lookAhead().equals("CHARSET")) return true;
        in.keyword();
        // RFC 9755 3: it is agreed on, and two labels may say two things. RFC 9051 6.4.4 lets it stand.
        if (in.dialect() == Dialect.UTF8) throw new SyntaxFault("UTF-8 is enabled: no CHARSET is needed");
        String charset = in.space().astring();
        in.space();
        return knows(charset);
    }

    /** Reads the one that SORT and THREAD must name, with the space behind it. */
    static boolean readAndKnow(Arguments in) {
        String charset = in.space().astring();
        in.space();
        boolean other = in.dialect() == Dialect.UTF8 && !charset.equalsIgnoreCase("UTF-8");
        if (other) throw new SyntaxFault("UTF-8 is enabled, and no other character set");
        return knows(charset);
    }

    /** They came in another one. What was to be saved is nothing, RFC 5182 2.1. */
    static Answer refuse(Session session, Optional<SearchReturns> returns) {
        if (returns.filter(SearchReturns::saves).isPresent())
            session.selection().save(UidSet.EMPTY);
        return Answer.no("[BADCHARSET (US-ASCII UTF-8)] That character set is not known");
    }

    /** Reads the search keys that are left of the arguments, and looks for the first time. */
    static <T> Answer begin(
            Session session, Request request, Optional<SearchReturns> returns, Harvest<T> harvest, Telling<T> telling)
            throws IOException {
        if (returns.filter(r -> r.has(SearchReturns.Option.UPDATE)).isPresent()) checkTag(session, request);
        Selection view = session.selection();
        SearchProgram program = parser(session, request.arguments(), view).parse();
        if (program.modSeq()) session.enableCondstore();
        if (program.numbers()) session.useNumbers();
        // So that nothing is saved if it fails.
        if (returns.filter(SearchReturns::saves).isPresent()) view.save(UidSet.EMPTY);
        Searching<T> search = new Searching<>(session, session.mailbox(), view, program, harvest);
        return search.turn(new Turns(session, request), telling);
    }

    /** Reads keys as they are meant in that mailbox. */
    static SearchParser parser(Session session, Arguments in, Selection view) {
        SearchParser parser = new SearchParser(in, view);
        if (session.uidOnly()) parser.numberless();
        return parser;
    }

    /** RFC 5267 4.3 */
    static void checkTag(Session session, Request request) {
        if (session.selection().contexts().has(request.tag()))
            throw new SyntaxFault("A search of that tag is kept up to date already");
    }

    private Answer turn(Turns turns, Telling<T> telling) throws IOException {
        turns.begin();
        if (more(session.mailbox(), turns)) return turns.pause(() -> turn(turns, telling), looked, among);
        String told = telling.of(found, program);
        if (!told.isEmpty()) session.connection().send(told);
        return Answer.ok("Searched");
    }

    /** Looks at messages for as long as the turn lasts. @return whether there are more */
    boolean more(Mailbox mailbox, Turns turns) throws IOException {
        while (rest.hasNext()) {
            Candidate message = new Candidate(session, mailbox, view, rest.next(), program.words());
            looked++;
            look(message);
            if (rest.hasNext() && turns.over()) return true;
        }
        return false;
    }

    private void look(Candidate message) throws IOException {
        try {
            if (program.key().matches(message)) found.add(harvest.of(message));
        } catch (FileNotFoundException | NoSuchFileException gone) {
            // Another session or program was faster.
        }
    }
}
