package org.posthorn.mailbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mailbox.IdChanges;

/** What became of threads when emails came and went, RFC 8621 3.2. */
final class ThreadHistory {

    /** What is known of one thread. */
    private static final class Fate {
        private boolean there;
        private boolean older;
        private boolean parted;
        private long first = Long.MAX_VALUE;
        private long last;

        void met(IdChanges.Change change) {
            first = Math.min(first, change.modSeq());
            last = Math.max(last, change.modSeq());
        }
    }

    private final ThreadLook look;
    private final IdChanges emails;
    private final Map<Long, Fate> fates = new HashMap<>();

    private ThreadHistory(ThreadLook look, IdChanges emails) {
        this.look = look;
        this.emails = emails;
    }

    /**
     * Empty when nobody knows which thread an email was of that is gone.
     *
     * @param emails what became of them since that mod-sequence
     */
    static Optional<IdChanges> of(AllBoxes boxes, ThreadLook look, IdChanges emails, long since) throws IOException {
        return new ThreadHistory(look, emails).run(boxes, since);
    }

    private Optional<IdChanges> run(AllBoxes boxes, long since) throws IOException {
        // What comes from a mailbox that is not meant is as old as it was there, and updated.
        List<IdChanges.Change> come = boxes.meant().isEmpty() ? List.of() : emails.updated();
        if (emails.created().isEmpty() && emails.destroyed().isEmpty() && come.isEmpty()) return Optional.of(told());
        List<Columns> all = new ArrayList<>();
        List<long[]> threads = new ArrayList<>();
        long before = boxes.modSeq();
        gather(boxes, all, threads);
        // What was moved while its header was to be read has no thread yet.
        if (boxes.modSeq() != before) gather(boxes, all, threads);
        for (Fate fate : met(emails.created())) if (fate != null) fate.there = true;
        met(come);
        List<Fate> parted = met(emails.destroyed());
        if (parted.contains(null)) return Optional.empty();
        parted.forEach(fate -> fate.parted = true);
        for (int i = 0; i < all.size(); i++) find(all.get(i).born(), threads.get(i), since);
        return Optional.of(told());
    }

    private void gather(AllBoxes boxes, List<Columns> all, List<long[]> threads) throws IOException {
        for (Columns columns : Columns.all(boxes, email -> true)) {
            all.add(columns);
            threads.add(columns.threads(look));
        }
    }

    /** @return null for each email whose thread is not known: one that came may be gone already */
    private List<Fate> met(List<IdChanges.Change> changes) throws IOException {
        long[] threads =
                look.known(changes.stream().mapToLong(IdChanges.Change::number).toArray());
        List<Fate> met = new ArrayList<>();
        for (int i = 0; i < threads.length; i++) {
            Fate fate = threads[i] == 0 ? null : fates.computeIfAbsent(threads[i], t -> new Fate());
            if (fate != null) fate.met(changes.get(i));
            met.add(fate);
        }
        return met;
    }

    private void find(long[] born, long[] threads, long since) {
        for (int i = 0; i < born.length; i++) {
            Fate fate = fates.get(threads[i]);
            if (fate == null) continue;
            fate.there = true;
            if (born[i] <= since) fate.older = true;
        }
    }

    private IdChanges told() {
        List<IdChanges.Change> created = new ArrayList<>();
        List<IdChanges.Change> updated = new ArrayList<>();
        List<IdChanges.Change> destroyed = new ArrayList<>();
        fates.forEach((thread, fate) -> {
            if (!fate.there) destroyed.add(new IdChanges.Change(thread, fate.last));
            else if (fate.older || fate.parted) updated.add(new IdChanges.Change(thread, fate.last));
            else created.add(new IdChanges.Change(thread, fate.first));
        });
        return EmailHistory.sorted(created, updated, destroyed, emails.state());
    }
}
