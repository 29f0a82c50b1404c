package org.posthorn.api.mailbox;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who is in a mailbox at one moment, as somebody is told who selects it.
 *
 * @param uids of all messages
 * @param keywords those that one of them has, each once, in any case
 */
public record Roll(Status status, UidSet uids, Set<String> keywords) {

    public Roll {
        Set<String> all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        all.addAll(keywords);
        keywords = Collections.unmodifiableSet(all);
    }
}
