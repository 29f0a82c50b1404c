package org.posthorn.api.queue;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.posthorn.api.mail.MailId;

/**
 * Where the queue keeps the envelopes of mail that waits; the bytes are the spool's. Registered with the property {@code name}. What is put
 * is durable when the call returns ({@code queue-memory} excepted, which says so). Safe for several threads.
 */
@ConsumerType
public interface QueueStore {

    /** Inserts or replaces. */
    void put(QueuedMail mail) throws IOException;

    /** Empty when there is none, or one that is damaged: a store sets that aside. @throws IOException when it cannot be read now, and may be whole */
    Optional<QueuedMail> get(MailId id) throws IOException;

    /** Deletes; nothing happens when it is not there. */
    void remove(MailId id) throws IOException;

    /** Mail that is not held and whose next attempt lies not after {@code now}, the longest due first. */
    List<QueuedMail> due(Instant now, int most) throws IOException;

    /** Mail that is not held and whose next attempt lies after that though {@linkplain QueuedMail#wished its sender did not wish it}, in any order. */
    List<QueuedMail> dueAfter(Instant horizon, int most) throws IOException;

    /** When the next mail becomes due; empty when none waits. */
    Optional<Instant> nextDue() throws IOException;

    /** All mail after that id, in order of id; for lists, page by page. Empty begins at the first. */
    List<QueuedMail> list(Optional<MailId> after, int most) throws IOException;

    /** How many there are. */
    long size() throws IOException;
}
