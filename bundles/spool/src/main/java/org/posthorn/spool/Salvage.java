package org.posthorn.spool;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.spool.ShelfNote;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mail in damaged places of the journal, as far as it can be read. What of it nobody has yet, when all of the journal was read, is set aside as
 * {@link Remains}, for a person to have it delivered.
 */
final class Salvage {

    private static final Logger log = LoggerFactory.getLogger(Salvage.class);
    /** More than that are not remembered; a disk that hurt so many has other things to tell. */
    private static final int MOST = 50_000;

    private final Directories folders;
    private final Predicate<MailId> stands;
    private final Map<MailId, Found> found = new LinkedHashMap<>();
    private final Map<MailId, Told> told = new HashMap<>();
    private final Set<MailId> owed = new HashSet<>();

    /** What the journal says of a mail: who is settled, and who has it by the notes. */
    private record Told(BitSet settled, BitSet shelved) {
        void note(ShelfNote note) {
            shelved.set(note.recipient(), !note.withdrawn());
        }

        boolean has(int place) {
            return settled.get(place) || shelved.get(place);
        }
    }

    /** Reads what is left of a mail: none is held, for many may be damaged. */
    private interface Found {
        Optional<Remains> read() throws IOException;
    }

    /** @param stands whether a mail was read whole: what is hurt then is the copy that was made when it was carried on */
    Salvage(Directories folders, Predicate<MailId> stands) {
        this.folders = folders;
        this.stands = stands;
    }

    /** A damaged place: what lies between two whole records, or behind the last. */
    void place(Path segment, Marks marks, long from, long behind) throws IOException {
        for (long at = from; at < behind && found.size() < MOST; ) {
            long next = marks.from(at + 1);
            Hurt hurt = new Hurt(segment, at, next < 0 ? behind : next, folders.large());
            hurt.mail().map(r -> r.mail().id()).filter(stands.negate()).ifPresent(id -> found.put(id, hurt::mail));
            at = hurt.next();
        }
    }

    /** A large mail whose file is cut; one that is gone leaves nothing. */
    void large(Committed mail) {
        Path file = mail.large().orElseThrow();
        Remains remains = new Remains(mail.mail(), () -> Files.newInputStream(file));
        if (Files.exists(file)) found.put(mail.mail().id(), () -> Optional.of(remains));
    }

    /** It stands elsewhere, whole: it was carried on. */
    void whole(MailId id) {
        found.remove(id);
    }

    /**
     * Who has those that were found: settled, or lying on a shelf, or taken from there. Read when all are known, for it may stand in front of the mail: in the
     * segment that it was carried from.
     */
    void whoHasThem(Path segment) throws IOException {
        if (found.isEmpty()) return;
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.READ)) {
            SegmentReader reader = new SegmentReader(channel);
            while (reader.next()) whoHasIt(RecordForm.in(reader.record(), 0, reader.length()));
        }
    }

    private void whoHasIt(DataInputStream record) {
        try {
            byte kind = record.readByte();
            if (kind != RecordForm.SETTLED && kind != RecordForm.NOTE) return;
            MailId id = MailId.of(record.readLong());
            if (!found.containsKey(id)) return;
            Told of = told.computeIfAbsent(id, none -> new Told(new BitSet(), new BitSet()));
            if (kind == RecordForm.SETTLED) RecordForm.places(record).forEach(of.settled::set);
            else of.note(RecordForm.note(record).note());
        } catch (IOException | IllegalArgumentException before) {
            log.debug("A record cannot be understood: {}", before.toString());
        }
    }

    /** Writes down what is left. What was set aside before stays as it is. */
    void setAside() {
        found.forEach(this::setAside);
        if (found.size() >= MOST)
            log.error(
                    "More than {} mails are damaged: of the others, what is left is in the copies of the segments",
                    MOST);
    }

    /** What could not be written down, as on a full disk, and is all in the journal. */
    Set<MailId> owed() {
        return owed;
    }

    private void setAside(MailId id, Found mail) {
        try {
            Optional<Remains> remains = mail.read();
            if (remains.isPresent()) setAside(remains.get());
        } catch (IOException e) {
            owed.add(id);
            log.error(
                    "mail {} is damaged, and what is left of it cannot be set aside ({}): its segment stays, and the next start tries that again",
                    id,
                    e.toString());
        }
    }

    private void setAside(Remains remains) throws IOException {
        Path folder = folders.damaged();
        List<Recipient> all = remains.mail().envelope().recipients();
        Optional<Told> of = Optional.ofNullable(told.get(remains.mail().id()));
        List<Recipient> open = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) if (of.isEmpty() || !of.get().has(i)) open.add(all.get(i));
        if (!open.isEmpty() && remains.to(open).write(folder))
            log.error(
                    "mail {} from {} is damaged: what is left of it is in {}; store:repair has that delivered",
                    remains.mail().id(),
                    remains.mail().envelope().reversePath(),
                    folder);
    }
}
