package org.posthorn.mailbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.WritableByteChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Amount;
import org.posthorn.api.mailbox.Delivery;
import org.posthorn.api.mailbox.Draft;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Filed;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Folder;
import org.posthorn.api.mailbox.Staged;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.api.spool.ShelfNote;
import org.posthorn.mime.CrlfOctets;
import org.posthorn.mime.Octets;
import org.posthorn.mime.StoredMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Messages that come into a mailbox. */
record Arrival(Box box) {

    private static final Logger LOG = LoggerFactory.getLogger(Arrival.class);

    /** The journal has it: it has to know where a message lies before it gets its place, and before that is taken from it again. */
    private record Journal(Box box, Unsettled.Source source) {

        void placed(long uidValidity, Filed as, long size) throws IOException {
            String account = box.account().address().toString();
            box.account()
                    .checkpoint()
                    .note(
                            source.mail(),
                            new ShelfNote.Shelved(
                                    source.recipient(), account, box.name(), uidValidity, as.uid(), as.key(), size));
        }

        /** Forced when it returns. What has no UID counts as taken by nobody: if it is not there it is delivered again. */
        void withdrawn(String key) throws IOException {
            box.account()
                    .checkpoint()
                    .note(source.mail(), new ShelfNote.Moved(source.recipient(), box.name(), 0, 0, key));
        }
    }

    /**
     * A message staged, and what it shall have.
     *
     * @param emailId if it has one already
     * @param born if its account knows it already
     */
    record Newcomer(Staged staged, Flags flags, Instant date, OptionalLong emailId, OptionalLong born) {

        static Newcomer of(Staged staged, Flags flags, Instant date) {
            return new Newcomer(staged, flags, Dates.of(date), OptionalLong.empty(), OptionalLong.empty());
        }

        /** The same message in another place. */
        static Newcomer like(Entry of, Flags flags, Staged staged) {
            return new Newcomer(
                    staged, flags, of.internalDate(), OptionalLong.of(of.emailId()), OptionalLong.of(of.born()));
        }

        /** The same message in another account, which counts its own mod-sequences. */
        Newcomer elsewhere() {
            return new Newcomer(staged, flags, date, emailId, OptionalLong.empty());
        }

        Filed filed(long uid) {
            return new Filed(uid, staged.key(uid), flags);
        }

        /** How it enters the index of that mailbox. */
        IndexRecord.Added added(Box box, long uid, long modSeq) {
            long id = emailId.orElseGet(() -> box.index().table().emailId(uid));
            Instant now = Dates.of(box.account().now());
            Entry entry = new Entry(uid, flags, modSeq, staged.size(), date, now, id, born.orElse(modSeq));
            return new IndexRecord.Added(entry, staged.key(uid));
        }
    }

    /** Comes back when the message is safe. */
    Entry durable(Draft draft) throws IOException {
        return durable(List.of(draft)).get(0);
    }

    /** Comes back when all of them are safe; when it throws none is there. */
    List<Entry> durable(List<Draft> drafts) throws IOException {
        return durable(drafts, Amount.NOTHING, entries -> {});
    }

    /** What is to be done when they have come. */
    @FunctionalInterface
    interface Arrived {
        void run(List<Entry> entries) throws IOException;
    }

    /** Comes back when it is safe and those in its place are gone for good. What leaves the account makes room for it, RFC 8508 3.4. */
    Entry replacing(Box from, UidSet uids, Draft draft) throws IOException {
        Amount leaving =
                from.account() == box.account() ? Transfer.amount(Transfer.entries(from, uids)) : Amount.NOTHING;
        return durable(List.of(draft), leaving, entries -> replaced(from, uids, entries.get(0)))
                .get(0);
    }

    private void replaced(Box from, UidSet uids, Entry entry) throws IOException {
        try {
            Removal.durable(from, uids);
        } catch (IOException e) {
            if (remain(from, uids, e)) withdraw(entry, e);
            throw e;
        }
    }

    /** Whether those are still there: without them the new one is all there is. */
    private static boolean remain(Box from, UidSet uids, IOException why) {
        try {
            return !from.account()
                    .use(from.name(), b -> Transfer.entries(b, uids))
                    .isEmpty();
        } catch (IOException e) {
            why.addSuppressed(e);
            return false;
        }
    }

    private void withdraw(Entry entry, IOException why) {
        try {
            box.account().use(box.name(), b -> Removal.durable(b, UidSet.of(entry.uid())));
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    /**
     * The same.
     *
     * @param leaving what goes when they have come, and makes room for them
     * @param arrived has a copy go that it takes the place of: the owner is not told that so much is there
     */
    List<Entry> durable(List<Draft> drafts, Amount leaving, Arrived arrived) throws IOException {
        List<Draft> clean = new ArrayList<>(drafts.size());
        long octets = 0;
        for (Draft draft : drafts) {
            Message message = clean(draft.message());
            clean.add(new Draft(message, draft.flags(), Dates.of(draft.internalDate())));
            octets += message.size();
        }
        long more = Math.max(0, octets - leaving.octets());
        long moreMessages = Math.max(0, drafts.size() - leaving.messages());
        return box.account().arriving(new Amount(more, moreMessages), () -> {
            List<Entry> entries = safely(clean);
            arrived.run(entries);
            return entries;
        });
    }

    /** The same, with line ends as they shall be, and whether there is room for it or not. */
    List<Entry> safely(List<Draft> drafts) throws IOException {
        Folder folder = box.with(Box::folder);
        int failures = box.failures();
        List<Newcomer> newcomers = new ArrayList<>(drafts.size());
        try {
            for (Draft draft : drafts) {
                Staged staged = folder.stage(draft.message(), draft.internalDate());
                newcomers.add(Newcomer.of(staged, draft.flags(), draft.internalDate()));
                staged.force();
            }
            List<Entry> placed = box.with(b -> placeAll(b, newcomers));
            force(box, failures, filed(newcomers, placed));
            return placed;
        } finally {
            close(newcomers.stream().map(Newcomer::staged).toList());
        }
    }

    /** What is done stays done: a file that cannot be closed is no reason to say otherwise. */
    static void close(List<Staged> all) {
        for (Staged staged : all) {
            try {
                staged.close();
            } catch (IOException e) {
                LOG.warn("A message that was staged cannot be let go of", e);
            }
        }
    }

    static List<Filed> filed(List<Newcomer> newcomers, List<Entry> placed) {
        return IntStream.range(0, placed.size())
                .mapToObj(i -> newcomers.get(i).filed(placed.get(i).uid()))
                .toList();
    }

    /** Makes what was placed safe, or takes it away again: who hears that it failed brings it once more. */
    static void force(Box box, int failures, List<Filed> placed) throws IOException {
        try {
            box.forceShelf(placed);
            // The failure of another one's force may have been about what is ours.
            if (box.failures() != failures) throw new IOException("Another force of the same mailbox failed");
            box.force(box.with(Box::mark));
        } catch (IOException e) {
            undo(box, placed, e);
            throw e;
        }
    }

    private static void undo(Box box, List<Filed> placed, IOException why) {
        UidSet uids = UidSet.ofUids(placed.stream().mapToLong(Filed::uid));
        Box.Call<UidSet> removal = there -> there.with(b -> Removal.remove(b, b.filed(uids)));
        try {
            // Who holds locks must not ask for the mailbox anew, which takes others.
            if (box.lock.isHeldByCurrentThread()) removal.on(box);
            else box.account().use(box.name(), removal);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    /** Comes back when the message can be seen; the checkpoint makes it safe and settles it. */
    Entry delivered(Delivery delivery, Instant date) throws IOException {
        return box.account().arriving(new Amount(delivery.message().size(), 1), () -> shelved(delivery, date));
    }

    private Entry shelved(Delivery delivery, Instant date) throws IOException {
        Folder folder = box.with(Box::folder);
        try (Staged staged = folder.stage(delivery.message(), date)) {
            Newcomer one = Newcomer.of(staged, delivery.flags(), date);
            return box.with(
                    b -> b.entry(noted(b, one, Unsettled.Source.of(delivery)).uid()));
        }
    }

    private static Unsettled noted(Box box, Newcomer newcomer, Unsettled.Source source) throws IOException {
        Unsettled one = new Unsettled(place(box, newcomer, new Journal(box, source)), source);
        box.unsettled(one);
        return one;
    }

    /** Writes it once more, under another UID, and takes away what is no longer trusted. */
    void again(Unsettled doubtful) throws IOException {
        Optional<Entry> known = box.with(b -> {
            b.refresh();
            return b.index().table().entries(UidSet.of(doubtful.uid())).stream().findFirst();
        });
        Instant date = known.map(Entry::internalDate).orElse(Instant.EPOCH);
        Folder folder = box.with(Box::folder);
        try (Staged staged = folder.stage(doubtful.source().message(), date)) {
            box.with(b -> {
                List<Filed> there = b.filed(UidSet.of(doubtful.uid()));
                // Somebody took it meanwhile.
                if (there.isEmpty()) b.unsettled(doubtful);
                else
                    replace(
                            b,
                            there,
                            noted(
                                    b,
                                    Newcomer.like(
                                            b.entry(doubtful.uid()),
                                            b.entry(doubtful.uid()).flags(),
                                            staged),
                                    doubtful.source()));
                b.account().checkpoint().owed().rewritten(b.where(), doubtful);
                return b;
            });
        }
    }

    /** One of the two goes: the one before, or when that cannot be, the one that was to take its place. */
    private static void replace(Box box, List<Filed> before, Unsettled by) throws IOException {
        try {
            Removal.remove(box, before);
        } catch (IOException e) {
            // What failed may have done so behind the removal: then the other one is all there is.
            if (box.folder().read(before.get(0)).isEmpty()) throw e;
            new Journal(box, by.source()).withdrawn(by.filed().key());
            box.account().checkpoint().owed().forget(box.where(), List.of(by));
            Removal.remove(box, List.of(by.filed()));
            throw e;
        }
    }

    /**
     * The same mail, if the last process had already shelved it and died before that could be noted. Each mail has a Received field with its
     * queue id, so what is the same byte by byte is the same mail.
     */
    Optional<Entry> again(Delivery delivery, boolean powerLost) throws IOException {
        int failures = box.failures();
        Optional<Filed> there = box.with(b -> {
            b.refresh();
            Optional<Filed> same = same(b, delivery.message());
            if (same.isEmpty() && powerLost) Removal.remove(b, Torn.copies(b, delivery.message()));
            return same;
        });
        if (there.isEmpty()) return Optional.empty();
        if (delivery.recipient() < 0) force(box, failures, List.of(there.get()));
        else box.with(b -> settleLater(b, delivery, there.get()));
        return Optional.of(box.with(b -> b.entry(there.get().uid())));
    }

    private static Box settleLater(Box box, Delivery delivery, Filed there) throws IOException {
        long size = box.entry(there.uid()).size();
        Unsettled.Source source = Unsettled.Source.of(delivery);
        new Journal(box, source).placed(box.index().uidValidity(), there, size);
        box.unsettled(new Unsettled(there, source));
        box.account().checkpoint().due(box);
        return box;
    }

    private static Optional<Filed> same(Box box, Message message) throws IOException {
        MessageTable table = box.index().table();
        for (int row = table.rows() - 1; row >= 0; row--) {
            if (table.size(row) != message.size()) continue;
            Optional<Message> other = box.folder().read(table.filed(row));
            if (other.isPresent() && same(other.get(), message)) return Optional.of(table.filed(row));
        }
        return Optional.empty();
    }

    private static boolean same(Message one, Message other) throws IOException {
        try (InputStream left = one.open();
                InputStream right = other.open()) {
            byte[] block = new byte[8192];
            for (int n; (n = left.readNBytes(block, 0, block.length)) > 0; )
                if (!Arrays.equals(block, 0, n, right.readNBytes(n), 0, n)) return false;
            // A file that the power cut short may still be noted with its whole size.
            return right.read() < 0;
        }
    }

    /**
     * Gives a staged message its place. The note goes first: a mail that is noted and unknown to the index was not shelved, one that the index knew
     * and that is gone was taken by its reader. The other way round a crash between the two would double it.
     */
    private static Filed place(Box box, Newcomer one, Journal keeper) throws IOException {
        box.changing();
        Index index = box.index();
        long uid = index.takeUid();
        Filed filed = one.filed(uid);
        keeper.placed(index.uidValidity(), filed, one.staged().size());
        one.staged().place(index.uidValidity(), uid, one.flags());
        try {
            box.commit(List.of(one.added(box, uid, box.account().nextModSeq())));
            box.changed();
            return filed;
        } catch (IOException e) {
            withdraw(box, filed, keeper, e);
            throw e;
        }
    }

    /**
     * Whoever brought it tries again: what lies there already would be there twice. But nobody knows how much of it the index has, so it stays
     * unless its keeper was told: gone it would count as taken by its reader.
     */
    private static void withdraw(Box box, Filed filed, Journal keeper, IOException why) {
        try {
            keeper.withdrawn(filed.key());
            box.folder().remove(List.of(filed));
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    /** Gives several their places: all, or when it throws none. To be called under the lock. */
    static List<Entry> placeAll(Box box, List<Newcomer> newcomers) throws IOException {
        List<Entry> placed = new ArrayList<>(newcomers.size());
        List<IndexRecord> records = new ArrayList<>(newcomers.size());
        List<Filed> filed = new ArrayList<>(newcomers.size());
        box.changing();
        long validity = box.index().uidValidity();
        try {
            long modSeq = newcomers.isEmpty() ? 0 : box.account().nextModSeq();
            for (Newcomer one : newcomers) {
                long uid = box.index().takeUid();
                one.staged().place(validity, uid, one.flags());
                filed.add(one.filed(uid));
                IndexRecord.Added added = one.added(box, uid, modSeq);
                records.add(added);
                placed.add(added.entry());
            }
            if (!records.isEmpty()) box.commit(records);
        } catch (IOException e) {
            remove(box, filed, e);
            throw e;
        }
        box.changed();
        return placed;
    }

    private static void remove(Box box, List<Filed> filed, IOException why) {
        try {
            box.folder().remove(filed);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    /** The same message with bare line feeds made line ends. */
    private static Message clean(Message message) throws IOException {
        Octets octets = new MessageOctets(message);
        long size = CrlfOctets.sizeOf(octets);
        return size == message.size() ? message : StoredMessage.of(CrlfOctets.of(octets, size));
    }

    private record MessageOctets(Message message) implements Octets {
        @Override
        public long size() {
            return message.size();
        }

        @Override
        public InputStream open() throws IOException {
            return message.open();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
            return message.transferTo(position, count, to);
        }
    }
}
