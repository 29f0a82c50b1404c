package org.posthorn.api.store;

/**
 * Something on disk that is not as it should be.
 *
 * @param where a file, a mailbox, or a queue id
 * @param what is wrong with it
 * @param mending what a repair makes of it: a sentence without its subject, as {@code is read from the shelf}
 */
public record Damage(String where, String what, String mending) {}
