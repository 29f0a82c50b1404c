package org.posthorn.imap.command;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.imap.Text;
import org.posthorn.imap.Uids;
import org.posthorn.imap.command.SortOrder.Row;

/**
 * What SORT has found, in its order. What messages are sorted by never changes, so their UIDs are all that is kept; where a new one belongs is
 * found by reading those in the middle, in the middle of what is left, and so on.
 */
final class ResultList implements Results {

    private final SortOrder order;
    private final List<Long> uids;
    /** The same as a set, without those that have been added since the last time. */
    private UidSet known;

    private final List<Change> added = new ArrayList<>();
    /** What has been read since the last time. */
    private final Map<Long, Row> rows = new HashMap<>();

    private Budget budget = new Budget();

    ResultList(SortOrder order, List<Long> uids) {
        this.order = order;
        this.uids = new ArrayList<>(uids);
        this.known = set(uids);
    }

    private static UidSet set(List<Long> uids) {
        return UidSet.ofUids(uids.stream().mapToLong(Long::longValue));
    }

    @Override
    public boolean has(long uid) {
        return known.contains(uid);
    }

    @Override
    public void add(Candidate message) throws IOException {
        long uid = message.entry().uid();
        int place = place(message);
        uids.add(place, uid);
        Change last = added.isEmpty() ? new Change(0, List.of()) : added.get(added.size() - 1);
        if (last.position() > 0 && last.position() + last.uids().size() == place + 1)
            last.uids().add(uid);
        else added.add(new Change(place + 1, new ArrayList<>(List.of(uid))));
    }

    private int place(Candidate message) throws IOException {
        Row mine = order.row(message, budget);
        int low = 0;
        int high = uids.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            int at = middle;
            Optional<Row> there = row(at, message);
            // Nobody knows any more where those belonged that are gone, and it does not matter.
            while (there.isEmpty() && ++at < high) there = row(at, message);
            if (there.isEmpty() || order.comparator().compare(mine, there.get()) < 0) high = middle;
            else low = at + 1;
        }
        return low;
    }

    private Optional<Row> row(int place, Candidate beside) throws IOException {
        long uid = uids.get(place);
        if (rows.containsKey(uid)) return Optional.of(rows.get(uid));
        Optional<Candidate> other = beside.other(uid);
        if (other.isEmpty()) return Optional.empty();
        Optional<Row> row = read(other.get());
        row.ifPresent(r -> rows.put(uid, r));
        return row;
    }

    /** Empty when another session or program was faster. */
    private Optional<Row> read(Candidate message) throws IOException {
        try {
            Row row = order.row(message, budget);
            return message.isGone() ? Optional.empty() : Optional.of(row);
        } catch (FileNotFoundException | NoSuchFileException gone) {
            return Optional.empty();
        }
    }

    @Override
    public List<Change> added() {
        List<Change> told = List.copyOf(added);
        List<Long> fresh = told.stream().flatMap(c -> c.uids().stream()).toList();
        if (!fresh.isEmpty()) known = Uids.union(known, set(fresh));
        added.clear();
        rows.clear();
        budget = new Budget();
        return told;
    }

    /** From behind, so that no position told changes the meaning of the next. */
    @Override
    public List<Change> remove(UidSet some) {
        List<Change> told = new ArrayList<>();
        if (known.within(some).isEmpty()) return told;
        for (int end = uids.size(); end > 0; end--) {
            int from = end;
            while (from > 0 && some.contains(uids.get(from - 1))) from--;
            if (from == end) continue;
            told.add(new Change(from + 1, List.copyOf(uids.subList(from, end))));
            end = from;
        }
        uids.removeIf(some::contains);
        known = known.without(some);
        return told;
    }

    @Override
    public long weight() {
        return uids.size() + 4L * known.ranges().size();
    }

    @Override
    public String suspended() {
        return Text.inOrder(uids);
    }
}
