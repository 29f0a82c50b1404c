package org.posthorn.imap;

import java.io.IOException;

/** A command. Holds no state: one object serves all sessions. */
@FunctionalInterface
public interface Command {

    /** Does it. @throws SyntaxFault when the arguments are wrong; whatever else is thrown becomes a NO */
    Answer run(Session session, Request request) throws IOException;

    /** Whether it has to wait for the mailboxes while they are being replaced. */
    default boolean needsMailboxes() {
        return true;
    }

    /** What it is answered when a literal of it, which is no message, is too long for a command. */
    default Answer tooLong() {
        return Answer.bad("[TOOBIG] That is too long");
    }

    /** Whether the literal announced at the end of these arguments is a message, which does not belong into memory. */
    default boolean streams(Arguments soFar) {
        return false;
    }
}
