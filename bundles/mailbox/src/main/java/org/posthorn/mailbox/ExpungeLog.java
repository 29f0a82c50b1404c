package org.posthorn.mailbox;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mailbox.UidSet;

/** Which UIDs were expunged when, and what is left of their messages. Bounded: the oldest are forgotten, and it knows how far back it reaches. */
final class ExpungeLog {

    static final int MOST_RANGES = 20_000;
    /** So many EMAILIDs of copies, and mod-sequences beside one a line, 16 bytes each. */
    static final int MOST_COPIES = 20_000;
    /** More emails that are gone nobody is told of one by one. */
    private static final long MOST_TOLD = 1 << 20;

    /** One expunge. */
    static final class Line {
        private final long modSeq;
        private final UidSet uids;
        private Traces traces;

        private Line(IndexRecord.Expunged of) {
            this.modSeq = of.modSeq();
            this.uids = of.uids();
            this.traces = of.traces();
        }

        UidSet uids() {
            return uids;
        }

        IndexRecord.Expunged record() {
            return new IndexRecord.Expunged(modSeq, uids, traces);
        }
    }

    private final Deque<Line> lines = new ArrayDeque<>();
    private int ranges;
    private int traces;
    private long floor;
    private long traced;

    void add(IndexRecord.Expunged expunged) {
        lines.add(new Line(expunged));
        ranges += expunged.uids().ranges().size();
        traces += expunged.traces().weight();
        if (!expunged.traces().known()) traced = Math.max(traced, expunged.modSeq());
        while (ranges > MOST_RANGES && lines.size() > 1) {
            Line oldest = lines.remove();
            ranges -= oldest.uids.ranges().size();
            traces -= oldest.traces.weight();
            floor(oldest.modSeq);
        }
        if (traces > MOST_COPIES) forgetTraces();
    }

    /** UIDs go on longer than what their messages were. Half of it at once, so that not each line goes through all. */
    private void forgetTraces() {
        for (Line line : lines) {
            if (traces <= MOST_COPIES / 2) return;
            traces -= line.traces.weight();
            line.traces = Traces.NONE;
            traced = Math.max(traced, line.modSeq);
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
                lines.stream().flatMap(line -> line.uids.ranges().stream()).toList());
    }

    /** What was expunged after that mod-sequence; empty when the log does not reach back so far. */
    Optional<UidSet> since(long modSeq) {
        if (modSeq < floor) return Optional.empty();
        List<UidSet.Range> gone = new ArrayList<>();
        Iterator<Line> latest = lines.descendingIterator();
        while (latest.hasNext()) {
            Line line = latest.next();
            if (line.modSeq <= modSeq) break;
            gone.addAll(line.uids.ranges());
        }
        return Optional.of(gone.isEmpty() ? UidSet.EMPTY : UidSet.ofRanges(gone));
    }

    /** Since when it knows which emails left. */
    long tracedFrom() {
        return Math.max(floor, traced);
    }

    /** Somebody who hears of emails that left. */
    @FunctionalInterface
    interface Hearer {
        void hears(long emailId, long born, long modSeq);
    }

    /**
     * Tells of the emails that left after that mod-sequence.
     *
     * @return false when it does not reach back so far; then it has told nothing
     */
    boolean tell(long since, MessageTable table, Hearer hearer) {
        if (since < tracedFrom()) return false;
        List<Line> told = new ArrayList<>();
        long many = 0;
        Iterator<Line> latest = lines.descendingIterator();
        while (latest.hasNext()) {
            Line line = latest.next();
            if (line.modSeq <= since) break;
            told.add(line);
            many += line.uids.size();
        }
        if (many > MOST_TOLD) return false;
        for (Line line : told) line.traces.tell(line.uids, table, (id, born) -> hearer.hears(id, born, line.modSeq));
        return true;
    }
}
