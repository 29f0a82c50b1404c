package org.posthorn.imap.command;

import java.util.ArrayList;
import java.util.List;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.imap.Uids;

/** What SEARCH has found: the order is that of the mailbox. */
final class ResultSet implements Results {

    private final List<Long> added = new ArrayList<>();
    private UidSet uids;

    ResultSet(UidSet uids) {
        this.uids = uids;
    }

    @Override
    public boolean has(long uid) {
        return uids.contains(uid);
    }

    @Override
    public void add(Candidate message) {
        added.add(message.entry().uid());
    }

    @Override
    public List<Change> added() {
        if (added.isEmpty()) return List.of();
        uids = Uids.union(uids, UidSet.ofUids(added.stream().mapToLong(Long::longValue)));
        List<Change> told = List.of(new Change(0, List.copyOf(added)));
        added.clear();
        return told;
    }

    @Override
    public List<Change> remove(UidSet some) {
        UidSet gone = uids.within(some);
        uids = uids.without(gone);
        return gone.isEmpty()
                ? List.of()
                : List.of(new Change(0, gone.stream().boxed().toList()));
    }

    @Override
    public long weight() {
        return 4L * uids.ranges().size();
    }

    @Override
    public String suspended() {
        return uids.toString();
    }
}
