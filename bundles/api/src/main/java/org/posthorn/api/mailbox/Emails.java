package org.posthorn.api.mailbox;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The messages of one account whatever mailboxes they lie in, as RFC 8621 sees them. What is the same in several places is one email: it goes by the number of its
 * EMAILID, {@link ObjectId#email}. Threads go by the number of their THREADID, {@link ObjectId#thread}; they are worked out when they are first asked for, from the
 * headers of messages, which takes a while where there are many. Calls notice what other programs did. Safe for several threads; who wants to be woken watches the
 * {@link Account}.
 */
@ProviderType
public interface Emails {

    /** Which mailboxes somebody sees. */
    @FunctionalInterface
    interface Sight {
        /** Their full names, whether there are such or not; asked anew with each call, on its thread. */
        Set<String> mailboxes() throws IOException;

        /** Whether one is among them; where there are many there may be a faster way. */
        default boolean has(String mailbox) throws IOException {
            return mailboxes().contains(mailbox);
        }
    }

    /**
     * How far the account's count of mod-sequences has come, the one that {@link Entry#modSeq} has as well. Who asks for it before he asks for emails or mailboxes,
     * and for changes since then, misses none; he may be told of some that he has seen, but not of what came behind the state and is gone when he asks for changes.
     */
    long state() throws IOException;

    /** The MAILBOXIDs of the mailboxes that there are, by full name. */
    SortedMap<String, String> mailboxes() throws IOException;

    /** Those of these numbers that there are, in order of number. */
    List<Email> emails(Set<Long> numbers) throws IOException;

    /** The emails of these threads, oldest first: RFC 8621 3. */
    List<Email> threads(Set<Long> threads) throws IOException;

    /** All of the account, oldest first. */
    List<Email> all() throws IOException;

    /**
     * Messages of a mailbox with their threads, in order of UID.
     *
     * @throws MailboxFault NONEXISTENT when there is no such mailbox
     */
    List<Threaded> mailbox(String name, UidSet uids) throws IOException;

    /**
     * Which emails changed since, RFC 8621 4.3: what was copied or moved is updated. Empty when it cannot be told any more, or is very much, RFC 8620 5.2. Costs
     * as much as happened and two looks at each mailbox, and, if anything left one, a way through the messages of all.
     */
    Optional<IdChanges> changes(long since) throws IOException;

    /** Which threads did, RFC 8621 3.2: one is updated when an email joins or leaves it. */
    Optional<IdChanges> threadChanges(long since) throws IOException;

    /** Which mailboxes did, RFC 8621 2.2. */
    Optional<MailboxChanges> mailboxChanges(long since) throws IOException;
}
