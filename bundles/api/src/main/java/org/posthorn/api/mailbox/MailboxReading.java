package org.posthorn.api.mailbox;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.posthorn.api.mail.Message;

/** What can be seen of a mailbox. Calls notice what other programs did to its files. */
@ProviderType
public interface MailboxReading {

    /** Its full name, {@code .} between levels, in plain Unicode. */
    String name();

    /** What whoever has asked for it may do with it. */
    default Rights rights() {
        return Rights.ALL;
    }

    Status status() throws IOException;

    /** All that a client is told first. Takes no memory for each message. */
    Roll roll() throws IOException;

    /** The messages with these UIDs that are there, in order of UID. */
    List<Entry> entries(UidSet uids) throws IOException;

    /** The bytes of a message; empty when it is gone. */
    Optional<Message> message(long uid) throws IOException;

    /**
     * What happened since. Costs as much as happened, not as much as there is. A mod-sequence that the mailbox never gave, as one above its highest, is from a
     * history that is lost: all messages are told, and the answer is not complete.
     */
    Changes since(long modSeq) throws IOException;

    /** The same without a look at the files: what earlier calls have noticed. */
    default Changes noticed(long modSeq) throws IOException {
        return since(modSeq);
    }

    /** Calls the listener, on any thread and perhaps more often than needed, when {@link #since}, or {@link Annotations#since}, would have news; until the result is closed. */
    Watch watch(Runnable listener) throws IOException;

    /** Ends a watch; no exception to catch. */
    @ProviderType
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
