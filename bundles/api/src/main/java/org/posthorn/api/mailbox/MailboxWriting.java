package org.posthorn.api.mailbox;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ProviderType;
import org.posthorn.api.mail.Message;

/**
 * What can be done to a mailbox. When a call returns, what it did outlives a crash of the machine. What would make an account hold more than it may is
 * a {@link MailboxFault}, OVERQUOTA; a move within an account does not.
 */
@ProviderType
public interface MailboxWriting {

    /** Adds messages, whose bytes are copied: all of them or, when it throws, none. Bare line ends become CRLF. @return them in that order */
    List<Entry> append(List<Draft> drafts) throws IOException;

    /** Adds one. */
    default Entry append(Message message, Flags flags, Instant internalDate) throws IOException {
        return append(List.of(new Draft(message, flags, internalDate))).get(0);
    }

    /**
     * Changes flags.
     *
     * @param unchangedSince leave alone what has a higher mod-sequence
     */
    Stored store(UidSet uids, FlagChange change, OptionalLong unchangedSince) throws IOException;

    /**
     * Copies all of them or, when it throws, none. UIDs that are not there are passed over.
     *
     * @param rights in the target, of whoever copies: the copies have those flags that they permit, RFC 4314 4
     */
    Copied copy(UidSet uids, Mailbox target, Rights rights) throws IOException;

    /** Copies them with all flags. */
    default Copied copy(UidSet uids, Mailbox target) throws IOException {
        return copy(uids, target, Rights.ALL);
    }

    /** Moves them, RFC 6851: nobody sees one in both mailboxes. @param rights as with {@link #copy} */
    Copied move(UidSet uids, Mailbox target, Rights rights) throws IOException;

    /** Moves them with all flags. */
    default Copied move(UidSet uids, Mailbox target) throws IOException {
        return move(uids, target, Rights.ALL);
    }

    /**
     * Puts a message into the target, then removes those here, RFC 8508: in one account what leaves makes room for what comes. When it throws what was
     * there or what came is there, perhaps both; a crash in between leaves both.
     */
    Entry replace(UidSet uids, Draft draft, Mailbox target) throws IOException;

    /** Removes these messages for good, whatever their flags. @return those that were there */
    UidSet expunge(UidSet uids) throws IOException;
}
