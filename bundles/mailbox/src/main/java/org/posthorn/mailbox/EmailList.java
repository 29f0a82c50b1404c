package org.posthorn.mailbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.api.mailbox.UidSet;

/** Emails put together from the places where they lie. */
final class EmailList {

    private static final Comparator<Email> OLDEST_FIRST = Comparator.comparing(
                    (Email email) -> email.places().get(0).entry().internalDate())
            .thenComparing(Email::number);

    /** What is found of one. */
    private record Found(long thread, List<Email.Place> places) {}

    private final AllBoxes boxes;
    private final ThreadLook look;
    private final Map<Long, Found> found = new HashMap<>();

    EmailList(AllBoxes boxes, ThreadLook look) {
        this.boxes = boxes;
        this.look = look;
    }

    /** Those that are meant; threads of others are not looked at. */
    List<Email> emails(LongPredicate emails) throws IOException {
        return collected(Columns.all(boxes, emails), thread -> true);
    }

    /** Those of the threads that are meant, oldest first. */
    List<Email> threads(LongPredicate threads) throws IOException {
        List<Columns> all = Columns.all(boxes, email -> true);
        List<Email> emails = collected(all, threads);
        // Who looks at some does not know what else is there.
        if (boxes.meant().isEmpty()) tidy(all);
        emails.sort(OLDEST_FIRST);
        return emails;
    }

    /** What is no longer where it was is looked for anew, with all its places. */
    private List<Email> collected(List<Columns> first, LongPredicate threads) throws IOException {
        List<Columns> all = first;
        for (int i = 1; ; i++) {
            LongMap missed = new LongMap();
            for (Columns columns : all) collect(columns, columns.threads(look), threads, missed);
            if (missed.size() == 0 || i == AllBoxes.TRIES) break;
            missed.each((email, one) -> found.remove(email));
            all = Columns.all(boxes, email -> missed.get(email) != 0);
        }
        List<Email> emails = new ArrayList<>(found.size());
        found.forEach((number, one) -> emails.add(new Email(number, one.thread(), one.places())));
        return emails;
    }

    private void collect(Columns columns, long[] threads, LongPredicate meant, LongMap missed) throws IOException {
        int[] rows = new int[threads.length];
        int n = 0;
        for (int i = 0; i < threads.length; i++) {
            if (threads[i] == 0) missed.put(columns.emails()[i], 1);
            else if (meant.test(threads[i])) rows[n++] = i;
        }
        if (n == 0) return;
        int at = 0;
        String mailboxId = ObjectId.mailbox(columns.mailboxId());
        long[] uids =
                Arrays.stream(rows, 0, n).mapToLong(row -> columns.uids()[row]).toArray();
        UidSet wanted = UidSet.ofUids(Arrays.stream(uids));
        List<Entry> entries = boxes.in(
                        columns.mailbox(), box -> box.index().table().entries(wanted))
                .orElse(List.of());
        for (Entry entry : entries) {
            while (uids[at] < entry.uid()) missed.put(columns.emails()[rows[at++]], 1);
            long thread = threads[rows[at++]];
            found.computeIfAbsent(entry.emailId(), id -> new Found(thread, new ArrayList<>(1)))
                    .places()
                    .add(new Email.Place(columns.mailbox(), mailboxId, entry));
        }
        while (at < n) missed.put(columns.emails()[rows[at++]], 1);
    }

    /** Threads of what is long gone are forgotten. */
    private void tidy(List<Columns> all) throws IOException {
        long emails = all.stream().mapToLong(c -> c.emails().length).sum();
        boolean wasteful = boxes.use(shelf -> shelf.threads().wasteful(emails));
        if (!wasteful) return;
        LongMap there = new LongMap();
        for (Columns columns : all) for (long email : columns.emails()) there.put(email, 1);
        boxes.use(shelf -> {
            shelf.threads().keep(there);
            return shelf;
        });
    }
}
