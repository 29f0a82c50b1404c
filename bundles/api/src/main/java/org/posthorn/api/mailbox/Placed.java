package org.posthorn.api.mailbox;

/**
 * Where a delivered mail lies.
 *
 * @param mailbox its name: the one that was wanted, or INBOX
 * @param uidValidity RFC 3501 2.3.1.1
 * @param format the name of what the mailbox is kept in
 */
public record Placed(String mailbox, long uidValidity, Entry entry, String format) {}
