package org.posthorn.imap;

import java.util.ArrayList;
import java.util.List;
import org.posthorn.api.mailbox.UidSet;

/**
 * A set of sequence numbers or UIDs as a client writes it, RFC 3501 9 "sequence-set": the asterisk, the last one there is, is not yet resolved.
 *
 * @param ranges in order; {@link #LAST} for an asterisk; none for what the last search has saved
 */
public record SequenceSet(List<UidSet.Range> ranges) {

    static final long LAST = Long.MAX_VALUE;

    /** The dollar sign, RFC 5182 2.1. */
    public static final SequenceSet SAVED = new SequenceSet(List.of());

    static SequenceSet parse(String text) {
        List<UidSet.Range> ranges = new ArrayList<>();
        int from = 0;
        while (from <= text.length()) {
            int comma = text.indexOf(',', from);
            int end = comma < 0 ? text.length() : comma;
            int colon = text.indexOf(':', from);
            if (colon < 0 || colon > end)
                ranges.add(new UidSet.Range(number(text, from, end), number(text, from, end)));
            else ranges.add(new UidSet.Range(number(text, from, colon), number(text, colon + 1, end)));
            from = end + 1;
        }
        return new SequenceSet(ranges);
    }

    private static long number(String text, int from, int to) {
        if (to - from == 1 && text.charAt(from) == '*') return LAST;
        if (from >= to || to - from > 10) throw new SyntaxFault("That is no set of messages");
        for (int i = from; i < to; i++)
            if (text.charAt(i) < '0' || text.charAt(i) > '9') throw new SyntaxFault("That is no set of messages");
        long number = Long.parseLong(text, from, to, 10);
        if (number < 1 || number > 0xFFFFFFFFL) throw new SyntaxFault("There is no such number");
        return number;
    }

    /** Whether an asterisk stands in it. */
    public boolean hasLast() {
        return ranges.stream().anyMatch(r -> r.first() == LAST || r.last() == LAST);
    }

    /** The set with that number for the asterisk; what held an asterisk is left out when there is none. */
    private UidSet resolve(long last) {
        List<UidSet.Range> plain = new ArrayList<>(ranges.size());
        for (UidSet.Range r : ranges) {
            if (last == 0 && (r.first() == LAST || r.last() == LAST)) continue;
            long first = r.first() == LAST ? last : r.first();
            long end = r.last() == LAST ? last : r.last();
            plain.add(new UidSet.Range(Math.min(first, end), Math.max(first, end)));
        }
        return UidSet.ofRanges(plain);
    }

    /** The set as it stands, which must name each number. */
    public UidSet plain() {
        UidSet plain = resolve(0);
        if (equals(SAVED) || hasLast()) throw new SyntaxFault("Only numbers can stand there");
        return plain;
    }

    /** All UIDs that it names, whether they are there or not; the asterisk is the last that can be. */
    public UidSet named(Selection view) {
        return equals(SAVED) ? view.saved() : resolve(0xFFFFFFFFL);
    }

    /** Those of these UIDs that are in the view; others are passed over, RFC 3501 6.4.8. */
    public UidSet uids(Selection view) {
        Uids there = view.uids();
        return there.within(equals(SAVED) ? view.saved() : resolve(there.last()));
    }

    /** The UIDs of these sequence numbers, all of which must be there. */
    public UidSet sequences(Selection selection) {
        if (equals(SAVED)) return uids(selection);
        Uids view = selection.uids();
        UidSet sequences = resolve(view.size());
        boolean beyond = sequences.isEmpty()
                || sequences.ranges().get(sequences.ranges().size() - 1).last() > view.size();
        if (beyond) throw new SyntaxFault("There are no messages of such numbers");
        return view.at(sequences);
    }

    /** The UIDs of those of these sequence numbers that are there: a search may ask for others, RFC 7377 2. */
    public UidSet found(Selection selection) {
        if (equals(SAVED)) return uids(selection);
        Uids view = selection.uids();
        if (view.size() == 0) return UidSet.EMPTY;
        return view.at(resolve(view.size()).within(UidSet.range(1, view.size())));
    }

    /** UIDs, by UID or by sequence number. */
    public UidSet resolve(Selection view, boolean uid) {
        return uid ? uids(view) : sequences(view);
    }
}
