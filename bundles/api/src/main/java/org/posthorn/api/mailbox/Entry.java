package org.posthorn.api.mailbox;

import java.time.Instant;

/**
 * What the index knows of one message.
 *
 * @param uid RFC 3501 2.3.1.1
 * @param modSeq when it last changed, in the account's count, RFC 7162
 * @param size octets, with CRLF line ends
 * @param internalDate when it came, to the second
 */
public record Entry(long uid, Flags flags, long modSeq, long size, Instant internalDate) {}
