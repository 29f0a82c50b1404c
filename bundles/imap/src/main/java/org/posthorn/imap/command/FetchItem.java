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

    /** Whether telling it marks the message as read. */
    default boolean setsSeen() {
        return false;
    }
}
