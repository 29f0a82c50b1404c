package org.posthorn.api.mailbox;

/**
 * Tells whether something was changed: two numbers of the format's own choice, and when the last change was.
 *
 * @param changed milliseconds since 1970, by the clock of the file system; later changes within its tick leave the stamp as it is
 */
public record Stamp(long first, long second, long changed) {}
