package org.posthorn.api.mailbox;

import java.util.List;

/**
 * What a change of flags did.
 *
 * @param entries the messages as they are now, changed or not, in order of UID
 * @param modified those left alone because they had changed since (UNCHANGEDSINCE, RFC 7162 3.1.3)
 */
public record Stored(List<Entry> entries, UidSet modified) {}
