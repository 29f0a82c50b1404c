package org.posthorn.imap.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** A search under way: a turn is short, and between two of them others may come, or the client may go. */
final class Searching {

    private static final long TURN = TimeUnit.MILLISECONDS.toNanos(50);

    /** How long nothing is said: a client may give up then, and one that has gone is noticed only when something is said. */
    private static final long SILENCE = TimeUnit.SECONDS.toNanos(10);

    private final Session session;
    private final Request request;
    private final SearchKey key;
    private final Iterator<Entry> rest;
    private final List<Needle> texts;
    private final Function<List<Entry>, String> answer;
    private final List<Entry> found = new ArrayList<>();
    private long spoke;

    /**
     * @param texts what the key looks for in the text of messages
     * @param answer what is said of those that were found
     */
    Searching(
            Session session,
            Request request,
            SearchKey key,
            List<Entry> among,
            List<Needle> texts,
            Function<List<Entry>, String> answer) {
        this.session = session;
        this.request = request;
        this.key = key;
        this.rest = among.iterator();
        this.texts = texts;
        this.answer = answer;
        this.spoke = now();
    }

    private long now() {
        return session.services().nanoTime().getAsLong();
    }

    Answer turn() throws IOException {
        Mailbox mailbox = session.mailbox();
        long start = now();
        while (rest.hasNext()) {
            Entry entry = rest.next();
            if (key.matches(new Candidate(session, mailbox, entry, texts))) found.add(entry);
            if (now() - start > TURN) return pause();
        }
        session.connection().send(answer.apply(found));
        return Answer.ok("Searched");
    }

    private Answer pause() {
        if (now() - spoke > SILENCE) {
            session.untagged("OK Still searching");
            spoke = now();
        }
        return session.inTurns(request, this::turn);
    }
}
