package org.posthorn.api.mailbox;

import java.io.Closeable;
import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/** A message taken in by a {@link Folder} and not yet seen by anybody. To be closed, which throws it away unless it was placed. */
@ConsumerType
public interface Staged extends Closeable {

    /** Octets, with CRLF line ends, as it will be read. */
    long size();

    /** What it will be called when it is placed under that UID. */
    String key(long uid);

    /**
     * Makes its octets safe, so that a power failure leaves it whole or not at all once it has its place. A format that keeps many messages in one
     * file cannot do that, and does nothing.
     */
    default void force() throws IOException {}

    /** Makes it one of the folder's messages. */
    void place(long uidValidity, long uid, Flags flags) throws IOException;
}
