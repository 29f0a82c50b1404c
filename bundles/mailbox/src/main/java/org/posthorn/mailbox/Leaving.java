package org.posthorn.mailbox;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The emails that a mailbox takes along when it is deleted, and those that had left it before, which its index tells no more then.
 *
 * @param there with which mod-sequences those had come that it still has, by number
 * @param left the others, latest first
 * @param unknown up to that mod-sequence nobody knows who had left it
 */
record Leaving(Map<Long, Long> there, List<MailboxRegister.Left> left, long unknown) {

    /** Those of an index; empty when they are too many. */
    static Optional<Leaving> of(Index index) {
        MessageTable table = index.table();
        if (table.rows() > MailboxRegister.MOST_EMAILS) return Optional.empty();
        Map<Long, Long> there = new HashMap<>();
        for (int row = 0; row < table.rows(); row++) there.put(table.emailId(row), table.born(row));
        List<MailboxRegister.Left> left = new ArrayList<>();
        long[] unknown = {index.leftFrom()};
        boolean told = index.left(unknown[0], (id, born, modSeq) -> {
            if (left.size() < MailboxRegister.MOST_EMAILS) left.add(new MailboxRegister.Left(id, born, modSeq));
            else unknown[0] = Math.max(unknown[0], modSeq);
        });
        return told ? Optional.of(new Leaving(there, left, unknown[0])) : Optional.empty();
    }
}
