package org.posthorn.api.mailbox;

/**
 * A message of a mailbox and what it belongs to.
 *
 * @param thread the number of its THREADID: RFC 8474 5.2
 */
public record Threaded(long thread, Entry entry) {}
