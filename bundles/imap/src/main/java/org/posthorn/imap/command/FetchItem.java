package org.posthorn.imap.command;

import java.io.IOException;

/** One thing that FETCH tells of a message. */
interface FetchItem {

    /** Writes its name and value. */
    void write(FetchedMessage out) throws IOException;

    /** Whether it looks into the message itself. */
    default boolean needsMessage() {
        return false;
    }

    /** Whether it can be told of that message. One that cannot is left out, and the command fails: RFC 3516 4.3. */
    default boolean possible(FetchedMessage out) throws IOException {
        return true;
    }

    /** Whether telling it marks the message as read. */
    default boolean setsSeen() {
        return false;
    }
}
