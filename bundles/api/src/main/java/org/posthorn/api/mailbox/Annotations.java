package org.posthorn.api.mailbox;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What one user has noted of his mailboxes and, under an empty name, of the server: RFC 5464. Entries are named in lower case, from {@code /private/} or
 * {@code /shared/} on, in printable ASCII. The characters of a value stand for octets. They go where their mailbox goes, and with it.
 */
@ProviderType
public interface Annotations {

    /** So many octets a value may have. */
    int LONGEST = 1 << 16;

    /** So many entries a mailbox may have. */
    int MOST = 100;

    /** The special use of a mailbox, RFC 6154 4: {@code \Sent}. It is the one that {@link Account#list} tells. */
    String SPECIAL_USE = "/private/specialuse";

    /**
     * Those of a mailbox, or of a mere level above mailboxes.
     *
     * @throws MailboxFault NONEXISTENT when there is none of that name
     */
    SortedMap<String, String> of(String mailbox) throws IOException;

    /** Those of one that {@link Account#list} has told, without a look whether it is still there. */
    SortedMap<String, String> of(Listed mailbox) throws IOException;

    /**
     * Sets entries, and removes those whose value is empty: all of them or, when it throws, none. Outlives a crash of the machine when it returns.
     *
     * @return the mod-sequence of the change, which no other has
     * @throws MailboxFault LIMIT when the mailbox had too many then, OVERQUOTA when all of the user's together were too large
     */
    long set(String mailbox, Map<String, Optional<String>> values) throws IOException;

    /**
     * Entries that were set or removed after that mod-sequence, in order of mailbox and entry. Of those removed the last hundred are remembered: who
     * has not heard of an earlier one is told of all that are known.
     */
    List<Change> since(long modSeq) throws IOException;

    /** An entry that was set or removed. */
    record Change(String mailbox, String entry, long modSeq) {}
}
