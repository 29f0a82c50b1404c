package org.posthorn.imap.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.imap.Answer;
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

    private static final long TURN = TimeUnit.MILLISECONDS.toNanos(50);

    /** How long nothing is said: a client may give up then, and one that has gone is noticed only when something is said. */
    private static final long SILENCE = TimeUnit.SECONDS.toNanos(10);

    private final Session session;
    private final Request request;
    private final SearchProgram program;
    private final Iterator<Entry> rest;
    private final int among;
    private final Harvest<T> harvest;
    private final Telling<T> telling;
    private final List<T> found = new ArrayList<>();
    private int looked;
    private long spoke;

    private Searching(Session session, Request request, SearchProgram program, Harvest<T> harvest, Telling<T> telling)
            throws IOException {
        this.session = session;
        this.request = request;
        this.program = program;
        List<Entry> entries = session.mailbox()
                .entries(program.key().scope(session.selection().uids().all()));
        this.rest = entries.iterator();
        this.among = entries.size();
        this.harvest = harvest;
        this.telling = telling;
        this.spoke = now();
    }

    /** Whether words may come in that character set. */
    static boolean knows(String charset) {
        return CHARSETS.contains(charset.toUpperCase(Locale.ROOT));
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
        Selection view = session.selection();
        // RFC 5267 4.3
        if (returns.filter(r -> r.has(SearchReturns.Option.UPDATE)).isPresent()
                && view.contexts().has(request.tag()))
            throw new SyntaxFault("A search of that tag is kept up to date already");
        SearchParser parser = new SearchParser(request.arguments(), view);
        if (session.uidOnly()) parser.numberless();
        SearchProgram program = parser.parse();
        if (program.modSeq()) session.enableCondstore();
        if (program.numbers()) session.useNumbers();
        // So that nothing is saved if it fails.
        if (returns.filter(SearchReturns::saves).isPresent()) view.save(UidSet.EMPTY);
        return new Searching<>(session, request, program, harvest, telling).turn();
    }

    private long now() {
        return session.services().nanoTime().getAsLong();
    }

    private Answer turn() throws IOException {
        Mailbox mailbox = session.mailbox();
        long start = now();
        while (rest.hasNext()) {
            Candidate message = new Candidate(session, mailbox, rest.next(), program.words());
            looked++;
            if (program.key().matches(message)) found.add(harvest.of(message));
            if (rest.hasNext() && now() - start > TURN) return pause();
        }
        String told = telling.of(found, program);
        if (!told.isEmpty()) session.connection().send(told);
        return Answer.ok("Searched");
    }

    private Answer pause() {
        if (now() - spoke > SILENCE) {
            session.untagged(progress() + " Still searching");
            spoke = now();
        }
        return session.inTurns(request, this::turn);
    }

    /** RFC 9585 3. */
    private String progress() {
        // What ends a code cannot stand in it.
        String tag = request.tag().indexOf(']') < 0 && request.tag().length() < 100 ? '"' + request.tag() + '"' : "NIL";
        return "OK [INPROGRESS (" + tag + " " + looked + " " + among + ")]";
    }
}
