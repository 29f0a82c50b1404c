package org.posthorn.api.mailbox;

import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Predicate;
import org.osgi.annotation.versioning.ConsumerType;
import org.posthorn.api.mail.Message;

/**
 * One mailbox as it lies on disk. {@link #stage}, {@link #read} and {@link #force} may be called by several threads at once; other calls
 * come one at a time. Unless it says otherwise a call forces nothing.
 */
@ConsumerType
public interface Folder extends Closeable {

    /** Changes whenever anybody changes something; cheap. */
    Stamp stamp() throws IOException;

    /**
     * Everything that lies here, read anew.
     *
     * @param known keys of messages whose size and date nobody asks for; any will do there. Their UID is 0, or the one that another program may have
     *     noted since
     */
    Scan scan(Predicate<String> known) throws IOException;

    /** Takes a message with CRLF line ends in. Nobody sees it until it is placed. */
    Staged stage(Message message, Instant internalDate) throws IOException;

    /** The message with CRLF line ends, stable as long as it is there; empty when it is gone. */
    Optional<Message> read(Filed filed) throws IOException;

    /** Gives a message these flags instead of those it has. False when it is gone. */
    boolean flag(Filed filed, Flags flags) throws IOException;

    /** Removes messages; those that are gone are passed over. */
    void remove(Collection<Filed> filed) throws IOException;

    /**
     * Forces these messages, and whatever names and flags were changed before, to disk; those that are gone are passed over. Notes their UIDs,
     * now or later, where the format has a place for it.
     */
    void force(long uidValidity, Collection<Filed> filed) throws IOException;

    /**
     * The power failed. What was not forced may be there in part; a format in which that could spoil other messages sets it aside.
     *
     * @param forced how the folder looked before it was forced the last time
     */
    default void powerFailed(Stamp forced) throws IOException {}

    /**
     * Of a message that is not here after the death of the process: whether it may have been staged and not placed. If so nothing of it is left afterwards, and it
     * is delivered again; if not, it may have been swept away or taken by somebody, which the index tells. A format that cannot tell says yes.
     */
    boolean unplaced(String key) throws IOException;
}
