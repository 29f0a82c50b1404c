package org.posthorn.api.mailbox;

import java.util.List;

/**
 * What happened to a mailbox since a mod-sequence.
 *
 * @param entries new and changed messages, in order of UID
 * @param vanished UIDs expunged since
 * @param complete whether the log reached back so far; if not, {@code vanished} is empty and what is gone must be found by comparing
 * @param highestModSeq the mod-sequence that this account of things leads up to
 */
public record Changes(List<Entry> entries, UidSet vanished, boolean complete, long highestModSeq) {
    public Changes {
        entries = List.copyOf(entries);
    }
}
