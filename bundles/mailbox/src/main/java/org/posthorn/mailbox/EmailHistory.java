package org.posthorn.mailbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mailbox.IdChanges;

/** What became of emails between two mod-sequences of their account, RFC 8620 5.2. */
final class EmailHistory {

    static final Comparator<IdChanges.Change> ORDER =
            Comparator.comparingLong(IdChanges.Change::modSeq).thenComparing(IdChanges.Change::number);

    /** What is known of one email. */
    private static final class Fate {
        private boolean there;
        private long born = Long.MAX_VALUE;
        private long bornBefore = Long.MAX_VALUE;
        private long modSeq;
        private boolean leftLater;

        void there(long since) {
            there = true;
            born = Math.min(born, since);
        }

        void left(long since, long when) {
            bornBefore = Math.min(bornBefore, since);
            modSeq = Math.max(modSeq, when);
        }

        /** At the state that is told it was there. */
        void leftLater(long since) {
            bornBefore = Math.min(bornBefore, since);
            leftLater = true;
        }

        boolean isThere() {
            return there || leftLater;
        }

        long born() {
            return there ? born : bornBefore;
        }
    }

    /** Of more emails nobody is told one by one: some fifteen megabytes. */
    private static final int MOST = 100_000;

    private final AllBoxes boxes;
    private final int most;
    private final long since;
    private final long upTo;
    private final Map<Long, Fate> fates = new HashMap<>();
    private boolean whole = true;

    private EmailHistory(AllBoxes boxes, int most, long since, long upTo) {
        this.boxes = boxes;
        this.most = most;
        this.since = since;
        this.upTo = upTo;
    }

    /** Empty when that is not known any more, or is too much. */
    static Optional<IdChanges> between(AllBoxes boxes, long since, long upTo) throws IOException {
        return between(boxes, MOST, since, upTo);
    }

    /** @param most so many emails */
    static Optional<IdChanges> between(AllBoxes boxes, int most, long since, long upTo) throws IOException {
        if (since > upTo) return Optional.empty();
        AllBoxes.Pass<Optional<IdChanges>> pass =
                boxes.steadily(() -> new EmailHistory(boxes, most, since, upTo).run());
        return pass.steady() ? pass.found() : Optional.empty();
    }

    private Optional<IdChanges> run() throws IOException {
        boxes.each(this::gather);
        // What went with a mailbox was in none of those that are meant: they are there.
        if (whole && boxes.meant().isEmpty()) whole = boxes.use(this::gatherLeft);
        if (!whole) return Optional.empty();
        findMissing();
        if (!whole) return Optional.empty();
        return Optional.of(told());
    }

    private void gather(Box box) {
        if (!whole) return;
        boolean known = box.index().left(since, this::left);
        whole &= known;
        MessageTable table = box.index().table();
        for (int row : box.index().changed(since)) {
            if (!whole) return;
            Fate fate = fate(table.emailId(row));
            fate.there(table.born(row));
            if (table.modSeq(row) <= upTo) fate.modSeq = Math.max(fate.modSeq, table.modSeq(row));
        }
    }

    private void left(long id, long born, long modSeq) {
        if (!whole) return;
        if (modSeq <= upTo) fate(id).left(born, modSeq);
        else fate(id).leftLater(born);
    }

    private Fate fate(long id) {
        Fate fate = fates.computeIfAbsent(id, i -> new Fate());
        whole &= fates.size() <= most;
        return fate;
    }

    /** What went with its mailbox. */
    private boolean gatherLeft(AccountShelf shelf) {
        synchronized (shelf) {
            MailboxRegister register = shelf.file().register;
            for (MailboxRegister.Left one : register.left())
                if (one.modSeq() > since) left(one.emailId(), one.born(), one.modSeq());
            return whole && since >= register.emailFloor();
        }
    }

    /** What left its mailbox may be in another. What is moved on meanwhile may be met in none, but leaves a trace where it was. */
    private void findMissing() throws IOException {
        List<Fate> missing = new ArrayList<>();
        LongMap places = new LongMap();
        fates.forEach((id, fate) -> {
            if (!fate.there && missing.add(fate)) places.put(id, missing.size());
        });
        if (missing.isEmpty()) return;
        long before = boxes.modSeq();
        boxes.each(box -> find(box, places, missing));
        if (boxes.modSeq() != before) boxes.each(box -> leftSince(box, before));
    }

    private void leftSince(Box box, long before) {
        boolean known = box.index().left(before, (id, born, modSeq) -> {
            Fate fate = fates.get(id);
            if (fate != null) fate.leftLater(born);
        });
        whole &= known;
    }

    private static void find(Box box, LongMap places, List<Fate> missing) {
        MessageTable table = box.index().table();
        for (int row = 0; row < table.rows(); row++) {
            int place = (int) places.get(table.emailId(row));
            if (place > 0) missing.get(place - 1).there(table.born(row));
        }
    }

    /** What came later than that, or changed or went so late, is told the next time. */
    private IdChanges told() {
        List<IdChanges.Change> created = new ArrayList<>();
        List<IdChanges.Change> updated = new ArrayList<>();
        List<IdChanges.Change> destroyed = new ArrayList<>();
        fates.forEach((id, fate) -> {
            if (!fate.isThere()) {
                if (fate.bornBefore <= since) destroyed.add(new IdChanges.Change(id, fate.modSeq));
            } else if (fate.born() > since) {
                if (fate.born() <= upTo) created.add(new IdChanges.Change(id, fate.born()));
            } else if (fate.modSeq > since) updated.add(new IdChanges.Change(id, fate.modSeq));
        });
        return sorted(created, updated, destroyed, upTo);
    }

    static IdChanges sorted(
            List<IdChanges.Change> created,
            List<IdChanges.Change> updated,
            List<IdChanges.Change> destroyed,
            long state) {
        created.sort(ORDER);
        updated.sort(ORDER);
        destroyed.sort(ORDER);
        return new IdChanges(created, updated, destroyed, state);
    }
}
