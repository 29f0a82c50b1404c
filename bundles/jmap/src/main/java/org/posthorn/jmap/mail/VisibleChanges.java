package org.posthorn.jmap.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.posthorn.api.mailbox.IdChanges;
import org.posthorn.api.mailbox.IdChanges.Change;

/** Changes as they look to who does not see all that there is. */
final class VisibleChanges {

    private VisibleChanges() {}

    /** What is not to be seen has gone or, if it is new, never came. */
    static IdChanges of(IdChanges changes, Set<Long> hidden) {
        if (hidden.isEmpty()) return changes;
        Predicate<Change> isHidden = change -> hidden.contains(change.number());
        return new IdChanges(
                changes.created().stream().filter(isHidden.negate()).toList(),
                changes.updated().stream().filter(isHidden.negate()).toList(),
                Stream.concat(
                                changes.destroyed().stream(),
                                changes.updated().stream().filter(isHidden))
                        .toList(),
                changes.state());
    }

    /** These are updated as well, if nothing is said of them. @param more mod-sequences by number; 0 for what came hidden */
    static IdChanges with(IdChanges changes, Map<Long, Long> more) {
        Set<Long> told = Stream.of(changes.created(), changes.updated(), changes.destroyed())
                .flatMap(List::stream)
                .map(Change::number)
                .collect(Collectors.toSet());
        List<Change> updated = new ArrayList<>(changes.updated());
        more.forEach((number, modSeq) -> {
            if (modSeq > 0 && !told.contains(number)) updated.add(new Change(number, modSeq));
        });
        return new IdChanges(changes.created(), updated, changes.destroyed(), changes.state());
    }
}
