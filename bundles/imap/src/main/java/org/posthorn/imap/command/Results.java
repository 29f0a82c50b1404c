package org.posthorn.imap.command;

import java.io.IOException;
import java.util.List;
import org.posthorn.api.mailbox.UidSet;

/** What a search has found, as the client knows it: it is told of each change. */
interface Results {

    /**
     * UIDs that come in, or go, together.
     *
     * @param position of the first, counted from 1; 0 where the order is the mailbox's, RFC 5267 4.3.3
     */
    record Change(long position, List<Long> uids) {}

    /** Whether it is here. */
    boolean has(long uid);

    /** One more, which was not here. */
    void add(Candidate message) throws IOException;

    /** What has been added since the last time, to be told one after the other. */
    List<Change> added();

    /** Those of them that are here go. */
    List<Change> remove(UidSet uids);

    /** How many numbers it keeps. */
    long weight();

    /** The UIDs, as they go to another version. */
    String suspended();
}
