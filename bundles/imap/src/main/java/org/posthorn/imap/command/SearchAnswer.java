package org.posthorn.imap.command;

import java.util.List;
import java.util.Set;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.imap.Text;
import org.posthorn.imap.Uids;

/**
 * What a search has found, as it is told.
 *
 * @param found in order of UID
 * @param uid whether messages are told by UID
 * @param modSeq whether mod-sequences are told
 */
record SearchAnswer(List<Entry> found, Uids view, boolean uid, boolean modSeq) {

    private long number(Entry entry) {
        return uid ? entry.uid() : view.sequence(entry.uid());
    }

    /** RFC 3501 7.2.5 and RFC 7162 3.1.5. */
    String plain() {
        StringBuilder out = new StringBuilder("* SEARCH");
        for (Entry e : found) out.append(' ').append(number(e));
        if (modSeq && !found.isEmpty())
            out.append(" (MODSEQ ").append(highest(found)).append(')');
        return out.append("\r\n").toString();
    }

    private static long highest(List<Entry> entries) {
        return entries.stream().mapToLong(Entry::modSeq).max().orElse(0);
    }

    /** RFC 4731 3.1. */
    String extended(String tag, Set<String> returns) {
        StringBuilder out =
                Text.string(new StringBuilder("* ESEARCH (TAG "), tag).append(')');
        if (uid) out.append(" UID");
        if (!found.isEmpty()) {
            if (returns.contains("MIN")) out.append(" MIN ").append(number(found.get(0)));
            if (returns.contains("MAX")) out.append(" MAX ").append(number(found.get(found.size() - 1)));
            if (returns.contains("ALL")) out.append(" ALL ").append(all());
        }
        if (returns.contains("COUNT")) out.append(" COUNT ").append(found.size());
        if (modSeq && !found.isEmpty()) out.append(" MODSEQ ").append(highest(told(returns)));
        return out.append("\r\n").toString();
    }

    private UidSet all() {
        UidSet uids = UidSet.ofUids(found.stream().mapToLong(Entry::uid));
        return uid ? uids : Text.sequences(uids, view);
    }

    /** Those whose mod-sequences count: all, unless only the ends are asked for (RFC 7162 3.1.5). */
    private List<Entry> told(Set<String> returns) {
        if (returns.contains("ALL") || returns.contains("COUNT")) return found;
        Entry first = found.get(0);
        Entry last = found.get(found.size() - 1);
        if (!returns.contains("MAX")) return List.of(first);
        return returns.contains("MIN") ? List.of(first, last) : List.of(last);
    }
}
