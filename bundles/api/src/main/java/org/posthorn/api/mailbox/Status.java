package org.posthorn.api.mailbox;

/**
 * A mailbox in numbers.
 *
 * @param uidNext more than any UID given so far
 * @param recent messages that no session has claimed yet
 * @param firstUnseen the UID of the first message without \Seen; 0 when all are seen
 * @param highestModSeq RFC 7162 3.1.1; at least 1
 * @param size of all messages, in octets
 * @param deletedSize of those with \Deleted, in octets
 * @param mailboxId what it is, whatever its name: RFC 8474 4
 */
public record Status(
        long messages,
        long recent,
        long unseen,
        long deleted,
        long firstUnseen,
        long uidNext,
        long uidValidity,
        long highestModSeq,
        long size,
        long deletedSize,
        String mailboxId) {}
