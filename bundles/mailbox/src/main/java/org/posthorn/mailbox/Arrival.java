package org.posthorn.mailbox;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Delivery;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Filed;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Folder;
import org.posthorn.api.mailbox.Staged;
import org.posthorn.api.spool.ShelfNote;
import org.posthorn.mime.CrlfOctets;
import org.posthorn.mime.Octets;
import org.posthorn.mime.StoredMessage;

/** Messages that come into a mailbox. */
final class Arrival {

    private Arrival() {}

    /** What has to be known elsewhere before a message gets its place. */
    @FunctionalInterface
    private interface Before {
        void placed(long uidValidity, Filed as, long size) throws IOException;
    }

    /** Comes back when the message is safe. */
    static Entry durable(Box box, Message message, Flags flags, Instant date) throws IOException {
        Message clean = clean(message);
        Folder folder = box.with(Box::folder);
        Entry entry;
        try (Staged staged = folder.stage(clean, date)) {
            entry = box.with(b -> place(b, staged, flags, date, (validity, as, size) -> {}));
            force(box, folder, List.of(new Filed(entry.uid(), staged.key(entry.uid()), flags)));
        }
        return entry;
    }

    private static void force(Box box, Folder folder, List<Filed> filed) throws IOException {
        folder.force(box.with(b -> b.index().uidValidity()), filed);
        box.force(box.with(Box::mark));
    }

    /** Comes back when the message can be seen; the checkpoint makes it safe and settles it. */
    static Entry delivered(Box box, Delivery delivery, Instant date) throws IOException {
        Folder folder = box.with(Box::folder);
        try (Staged staged = folder.stage(delivery.message(), date)) {
            return box.with(b -> {
                Filed[] filed = new Filed[1];
                Entry entry = place(b, staged, delivery.flags(), date, (validity, as, size) -> {
                    filed[0] = as;
                    b.account().checkpoint().note(delivery.mail().id(), note(b, delivery, validity, as, size));
                });
                b.unsettled(new Unsettled(filed[0], delivery.mail().id(), delivery.recipient()));
                return entry;
            });
        }
    }

    private static ShelfNote note(Box box, Delivery delivery, long validity, Filed as, long size) {
        String account = box.account().address().toString();
        return new ShelfNote.Shelved(delivery.recipient(), account, box.name(), validity, as.uid(), as.key(), size);
    }

    /**
     * Gives a staged message its place. The note goes first: a mail that is noted and still staged was not shelved, one that is noted and gone
     * was taken by its reader. The other way round a crash between the two would double it.
     */
    private static Entry place(Box box, Staged staged, Flags flags, Instant date, Before before) throws IOException {
        box.changing();
        Index index = box.index();
        long uid = index.takeUid();
        Filed filed = new Filed(uid, staged.key(uid), flags);
        before.placed(index.uidValidity(), filed, staged.size());
        staged.place(index.uidValidity(), uid, flags);
        Entry entry = new Entry(uid, flags, box.account().nextModSeq(), staged.size(), seconds(date));
        box.commit(List.of(new IndexRecord.Added(entry, filed.key())));
        box.changed();
        return entry;
    }

    /** Gives several their places: all, or when it throws none. To be called under the lock. */
    static List<Entry> placeAll(Box box, List<Transfer.Copy> copies) throws IOException {
        List<Entry> placed = new java.util.ArrayList<>(copies.size());
        List<IndexRecord> records = new java.util.ArrayList<>(copies.size());
        List<Filed> filed = new java.util.ArrayList<>(copies.size());
        box.changing();
        long validity = box.index().uidValidity();
        try {
            long modSeq = copies.isEmpty() ? 0 : box.account().nextModSeq();
            for (Transfer.Copy copy : copies) {
                long uid = box.index().takeUid();
                Entry of = copy.of();
                Entry entry = new Entry(uid, of.flags(), modSeq, copy.staged().size(), of.internalDate());
                copy.staged().place(validity, uid, of.flags());
                filed.add(new Filed(uid, copy.staged().key(uid), of.flags()));
                records.add(new IndexRecord.Added(entry, copy.staged().key(uid)));
                placed.add(entry);
            }
            if (!records.isEmpty()) box.commit(records);
        } catch (IOException e) {
            box.folder().remove(filed);
            throw e;
        }
        box.changed();
        return placed;
    }

    static Instant seconds(Instant date) {
        return Instant.ofEpochSecond(Math.max(0, date.getEpochSecond()));
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
        public java.io.InputStream open() throws IOException {
            return message.open();
        }

        @Override
        public long transferTo(long position, long count, java.nio.channels.WritableByteChannel to) throws IOException {
            return message.transferTo(position, count, to);
        }
    }
}
