package org.posthorn.imap.command;

import java.util.concurrent.TimeUnit;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** The turns of a search: each is short, and others come in between. When nothing has been said for long it says that it goes on. */
final class Turns {

    private static final long TURN = TimeUnit.MILLISECONDS.toNanos(50);

    /** How long nothing is said: a client may give up then, and one that has gone is noticed only when something is said. */
    private static final long SILENCE = TimeUnit.SECONDS.toNanos(10);

    private final Session session;
    private final Request request;
    private long began;
    private long spoke;

    Turns(Session session, Request request) {
        this.session = session;
        this.request = request;
        this.spoke = now();
    }

    private long now() {
        return session.services().nanoTime().getAsLong();
    }

    /** Here one begins. */
    void begin() {
        began = now();
    }

    /** Whether it is time for others. */
    boolean over() {
        return now() - began > TURN;
    }

    /** Goes on when others have had theirs. @param done how much is done, of how much */
    Answer pause(Session.Step next, long done, long all) {
        if (now() - spoke > SILENCE) {
            session.untagged("OK [INPROGRESS (" + tag() + " " + done + " " + all + ")] Still searching");
            spoke = now();
        }
        return session.inTurns(request, next);
    }

    /** RFC 9585 3. What ends a code cannot stand in it. */
    private String tag() {
        return request.tag().indexOf(']') < 0 && request.tag().length() < 100 ? '"' + request.tag() + '"' : "NIL";
    }
}
