package org.posthorn.api.spool;

/** What happened to a copy on the shelf that is not yet forced there. */
public sealed interface ShelfNote {

    /** The recipient's place in the envelope. */
    int recipient();

    /** Whether it says that what was noted of that recipient's copies before is void: he has none. */
    default boolean withdrawn() {
        return this instanceof Moved moved && moved.uid() == 0;
    }

    /**
     * It lies there.
     *
     * @param account the owner's address
     * @param mailbox its name
     * @param key what the format calls it: a Maildir base name
     * @param size octets, as stored
     */
    record Shelved(int recipient, String account, String mailbox, long uidValidity, long uid, String key, long size)
            implements ShelfNote {}

    /**
     * It was moved, by us; where it is now. With the UID 0 it was {@link #withdrawn}: it could not be entered on the shelf, is taken away again, and is still to
     * be delivered.
     */
    record Moved(int recipient, String mailbox, long uidValidity, long uid, String key) implements ShelfNote {}

    /** It was expunged, by us: never to be delivered again. */
    record Gone(int recipient) implements ShelfNote {}
}
