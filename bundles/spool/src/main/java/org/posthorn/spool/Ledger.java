package org.posthorn.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.spool.Pending;
import org.posthorn.api.spool.ShelfNote;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is open: the mails that are not settled, and the segments that they lie in. Safe for several threads; never waits for the disk under its lock. */
final class Ledger {

    private static final Logger log = LoggerFactory.getLogger(Ledger.class);
    private static final int FEW = 64;

    private final UUID boot;
    private final Map<MailId, Committed> open;
    private final Deque<Segment> segments;
    private long pinned;

    Ledger(Replay replay, UUID boot) {
        this.boot = boot;
        this.open = new LinkedHashMap<>(replay.mails());
        this.segments = new ArrayDeque<>(replay.segments());
    }

    UUID boot() {
        return boot;
    }

    synchronized long lastSegment() {
        return segments.isEmpty() ? 0 : segments.getLast().number();
    }

    /** No mail of the segments that there are is carried on: who has it from the version before this cannot learn of another place. */
    synchronized void pin() {
        pinned = lastSegment();
    }

    synchronized void begin(Segment segment) {
        segments.addLast(segment);
    }

    /** These are forced. Mails among them are open from now on, or lie at another place, if they were carried. */
    synchronized void written(List<Waiting> records) {
        for (Waiting w : records) {
            Committed mail = w.mail();
            if (mail == null) continue;
            boolean carried = mail.spot() != null;
            if (carried && !open.containsKey(mail.mail().id())) continue;
            if (carried) mail.spot().segment().open().remove(mail);
            int content = content(w);
            mail.at(new Committed.Spot(w.segment(), w.start(), w.length() - Frame.HEAD, content));
            w.segment().open().add(mail);
            open.put(mail.mail().id(), mail);
        }
    }

    private static int content(Waiting w) {
        // Behind the frame stand the kind, the length of the description, and the description.
        return 5 + w.record()[1].getInt(1);
    }

    /** @param last whether none of its recipients is left */
    record Settlement(Committed mail, boolean last) {}

    /** Empty if the mail was settled before. */
    synchronized Optional<Settlement> settle(MailId id, Collection<Integer> places) {
        Committed mail = open.get(id);
        if (mail == null) return Optional.empty();
        for (int place : places) mail.settled().set(mail.checked(place));
        if (mail.done()) {
            open.remove(id);
            mail.spot().segment().open().remove(mail);
        }
        return Optional.of(new Settlement(mail, mail.done()));
    }

    /** @return what is to be written; empty if the mail was settled before */
    synchronized Optional<Committed.Noted> note(MailId id, ShelfNote note) {
        Committed mail = open.get(id);
        if (mail == null) return Optional.empty();
        mail.checked(note.recipient());
        Committed.Noted noted = new Committed.Noted(boot, note);
        mail.notes().add(noted);
        return Optional.of(noted);
    }

    synchronized List<Pending> pending() {
        return open.values().stream().map(m -> m.pending(boot)).toList();
    }

    /** Those of them that have a file of their own. */
    synchronized List<Committed> large() {
        return open.values().stream().filter(m -> m.large().isPresent()).toList();
    }

    synchronized boolean isOpen(Committed mail) {
        return open.get(mail.mail().id()) == mail;
    }

    synchronized int mails() {
        return open.size();
    }

    synchronized int segments() {
        return segments.size();
    }

    /** Takes the oldest segments out that hold nothing open, up to the one in use. */
    synchronized List<Segment> takeEmpty(Segment inUse) {
        List<Segment> empty = new ArrayList<>();
        while (!segments.isEmpty() && segments.getFirst() != inUse && isOver(segments.getFirst()))
            empty.add(segments.removeFirst());
        return empty;
    }

    private static boolean isOver(Segment segment) {
        return segment.open().isEmpty() && !segment.needed();
    }

    /** Some mails of the oldest segment, to be written once more, if there are many segments and it holds little that is open. */
    List<Waiting> stuck(int many, long little) throws IOException {
        List<Committed> few = new ArrayList<>();
        Segment oldest;
        synchronized (this) {
            if (segments.size() <= many) return List.of();
            oldest = segments.getFirst();
            if (oldest.number() <= pinned) return List.of();
            if (oldest.open().stream().mapToLong(m -> m.spot().length()).sum() > little) return List.of();
            oldest.open().stream().filter(m -> !m.hurt()).limit(FEW).forEach(few::add);
        }
        List<Waiting> records = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(oldest.path(), StandardOpenOption.READ)) {
            for (Committed mail : few) {
                ByteBuffer framed = ByteBuffer.allocate(Frame.HEAD + mail.spot().length());
                SliceStream.readFully(channel, framed, mail.spot().start() - Frame.HEAD);
                if (!Frame.whole(framed.flip(), oldest.mark())) {
                    leave(mail, oldest);
                    continue;
                }
                records.add(Waiting.of(mail, framed.position(Frame.HEAD).slice()));
                known(mail, records);
            }
        }
        return records;
    }

    /** Written once more it would have a sum of its own, and look whole. */
    private static void leave(Committed mail, Segment segment) {
        mail.foundHurt();
        log.error(
                "mail {} is damaged in journal segment {}: it is not carried on, and segments stay until it is settled"
                        + " or the next start sets aside what is left of it",
                mail.mail().id(),
                segment.number());
    }

    private synchronized void known(Committed mail, List<Waiting> records) throws IOException {
        MailId id = mail.mail().id();
        if (!mail.settled().isEmpty())
            records.add(Waiting.of(
                    RecordForm.settled(id, mail.settled().stream().boxed().toList())));
        for (Committed.Noted noted : mail.notes()) records.add(Waiting.of(RecordForm.note(id, noted)));
    }
}
