package org.posthorn.api.mailbox;

/**
 * A message that lies in a {@link Folder}.
 *
 * @param key what the folder calls it, for as long as it is there
 * @param flags as they were last seen or set
 */
public record Filed(long uid, String key, Flags flags) {}
