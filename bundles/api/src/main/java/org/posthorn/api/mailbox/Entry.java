package org.posthorn.api.mailbox;

import java.time.Instant;

/**
 * What the index knows of one message.
 *
 * @param uid RFC 3501 2.3.1.1
 * @param modSeq when it last changed, in the account's count, RFC 7162
 * @param size octets, with CRLF line ends
 * @param internalDate when it came, to the second
 * @param saved when it came into this mailbox, to the second: RFC 8514 3
 * @param emailId the number of its {@link ObjectId}: that of its copies, and of no other message of the account, RFC 8474 5.1
 * @param born the mod-sequence with which it came into the account: copies have that of what they were made of
 */
public record Entry(
        long uid, Flags flags, long modSeq, long size, Instant internalDate, Instant saved, long emailId, long born) {

    /** One that has just come. */
    public Entry(long uid, Flags flags, long modSeq, long size, Instant internalDate, Instant saved, long emailId) {
        this(uid, flags, modSeq, size, internalDate, saved, emailId, modSeq);
    }
}
