package org.posthorn.jmap.mail;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.posthorn.api.mailbox.IdChanges;
import org.posthorn.api.mailbox.IdChanges.Change;
import org.posthorn.jmap.MethodFault;

/**
 * How far a client has come with changes, RFC 8620 5.2. Several things may change with one mod-sequence, and a client may want fewer at a time.
 *
 * @param modSeq all below it were told
 * @param number of those with it all up to this number were told, as unsigned; empty for all of them
 */
record ChangeStep(long modSeq, Optional<Long> number) {

    /** Who tells of changes. */
    interface Source {
        Optional<IdChanges> since(long modSeq) throws IOException;
    }

    /** Reads {@code MODSEQ} and {@code MODSEQ.NUMBER}. @throws MethodFault when it is neither */
    static ChangeStep of(String state) throws MethodFault {
        int dot = state.indexOf('.');
        if (dot < 0) return new ChangeStep(ChangeList.since(state), Optional.empty());
        try {
            long number = Long.parseUnsignedLong(state.substring(dot + 1));
            return new ChangeStep(ChangeList.since(state.substring(0, dot)), Optional.of(number));
        } catch (NumberFormatException none) {
            throw ChangeList.unknown();
        }
    }

    String text() {
        return modSeq + number.map(n -> "." + Long.toUnsignedString(n)).orElse("");
    }

    /** What it has not been told. */
    Optional<IdChanges> changes(Source source) throws IOException {
        if (number.isEmpty()) return source.since(modSeq);
        Optional<IdChanges> ofModSeq = source.since(modSeq - 1);
        Optional<IdChanges> later = source.since(modSeq);
        return ofModSeq.flatMap(rest -> later.map(all -> joined(rest, all)));
    }

    private IdChanges joined(IdChanges ofModSeq, IdChanges later) {
        List<Change> created = untold(ofModSeq.created());
        Set<Long> fresh = created.stream().map(Change::number).collect(Collectors.toSet());
        // Of one that is told to be there now the rest is told the next time.
        Predicate<Change> known = change -> !fresh.contains(change.number());
        return new IdChanges(
                Stream.concat(created.stream(), later.created().stream()).toList(),
                Stream.concat(untold(ofModSeq.updated()).stream(), later.updated().stream())
                        .filter(known)
                        .toList(),
                Stream.concat(untold(ofModSeq.destroyed()).stream(), later.destroyed().stream())
                        .filter(known)
                        .toList(),
                ofModSeq.state());
    }

    private List<Change> untold(List<Change> changes) {
        long last = number.orElseThrow();
        return changes.stream()
                .filter(c -> c.modSeq() == modSeq && Long.compareUnsigned(c.number(), last) > 0)
                .toList();
    }
}
