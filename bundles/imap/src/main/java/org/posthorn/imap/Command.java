package org.posthorn.imap;

import java.io.IOException;
import java.util.Optional;

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
        return Answer.no("[LIMIT] A command may have " + Limits.COMMAND + " octets");
    }

    /** Whether the literal announced at the end of these arguments is a message, which does not belong into memory. */
    default boolean streams(Arguments soFar) {
        return false;
    }

    /**
     * Why that message is refused, if this is sure before it comes.
     *
     * @param soFar the arguments up to its announcement
     * @param octets how much all messages of the command have, this one included
     */
    default Optional<Answer> refusal(Session session, Arguments soFar, long octets) throws IOException {
        return Optional.empty();
    }
}
