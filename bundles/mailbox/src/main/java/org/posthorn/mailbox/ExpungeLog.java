package org.posthorn.mailbox;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mailbox.UidSet;

/** Which UIDs were expunged when. Bounded: the oldest are forgotten, and it knows how far back it reaches. */
final class ExpungeLog {

    static final int MOST_RANGES = 20_000;

    /** One expunge. */
    record Line(long modSeq, UidSet uids) {}

    private final Deque<Line> lines = new ArrayDeque<>();
    private int ranges;
    private long floor;

    void add(long modSeq, UidSet uids) {
        lines.add(new Line(modSeq, uids));
        ranges += uids.ranges().size();
        while (ranges > MOST_RANGES && lines.size() > 1) {
            Line oldest = lines.remove();
            ranges -= oldest.uids().ranges().size();
            floor(oldest.modSeq());
        }
    }

    /** Nothing is known of what was expunged up to that mod-sequence. */
    void floor(long modSeq) {
        floor = Math.max(floor, modSeq);
    }

    long floor() {
        return floor;
    }

    Deque<Line> lines() {
        return lines;
    }

    /** All that it knows of. */
    UidSet all() {
        return UidSet.ofRanges(
                lines.stream().flatMap(line -> line.uids().ranges().stream()).toList());
    }

    /** What was expunged after that mod-sequence; empty when the log does not reach back so far. */
    Optional<UidSet> since(long modSeq) {
        if (modSeq < floor) return Optional.empty();
        List<UidSet.Range> gone = new ArrayList<>();
        Iterator<Line> latest = lines.descendingIterator();
        while (latest.hasNext()) {
            Line line = latest.next();
            if (line.modSeq() <= modSeq) break;
            gone.addAll(line.uids().ranges());
        }
        return Optional.of(gone.isEmpty() ? UidSet.EMPTY : UidSet.ofRanges(gone));
    }
}
