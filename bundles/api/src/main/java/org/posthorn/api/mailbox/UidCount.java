package org.posthorn.api.mailbox;

/**
 * How far the UIDs of a mailbox have been given, RFC 3501 2.3.1.1.
 *
 * @param uidValidity that the UIDs belong to, 1 to 2^32 - 1
 * @param uidNext more than any UID that was ever given
 */
public record UidCount(long uidValidity, long uidNext) {}
