package org.posthorn.api.mailbox;

import java.util.List;

/**
 * What became of things that go by numbers, RFC 8620 5.2. Each number is in one list at most, and each list is in order of mod-sequence, then of number. What came
 * and went since is in none.
 *
 * @param state the mod-sequence that this account of things leads up to, to ask with the next time
 */
public record IdChanges(List<Change> created, List<Change> updated, List<Change> destroyed, long state) {

    /**
     * One of them.
     *
     * @param modSeq when: of what was created its first, of others their last
     */
    public record Change(long number, long modSeq) {}

    public IdChanges {
        created = List.copyOf(created);
        updated = List.copyOf(updated);
        destroyed = List.copyOf(destroyed);
    }
}
