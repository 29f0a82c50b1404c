package org.posthorn.spool;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Message;
import org.posthorn.api.spool.Pending;
import org.posthorn.mime.HeaderBlock;
import org.posthorn.mime.StoredMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the journal as the last process left it. What can be read counts. A write that did not come to its end, in the segment that was written to
 * last, is cut off: nobody got a reply for it. Anything else that cannot be read is damage, and costs the records that it hit; the segment is copied to
 * {@code damaged}, what is left of mail there is set aside, and only then goes what lies behind the last record.
 */
final class Replay {

    private static final Logger log = LoggerFactory.getLogger(Replay.class);
    private static final Message NONE = StoredMessage.of("");
    /** What was settled before had time to be told of. */
    private static final Duration LAST = Duration.ofMinutes(1);
    /** More are not settled in the moment that a process may not have come to tell of. */
    private static final int MOST = 2_000;

    private final Directories folders;
    private final Map<MailId, Committed> mails = new LinkedHashMap<>();
    private final List<Segment> segments = new ArrayList<>();
    private final Salvage salvage;
    private final Set<Path> named = new HashSet<>();
    private final Deque<Settled> settledLast = new ArrayDeque<>();
    private final Map<Segment, Long> ends = new LinkedHashMap<>();
    private final Set<Segment> hurt = new LinkedHashSet<>();
    private final Optional<Path> writtenTo;
    private long newest;
    private boolean damaged;

    /** @param after the newest mail that had come then: ids tell the time in microseconds, records do not */
    private record Settled(Committed mail, long after) {}

    Replay(Directories folders) throws IOException {
        this.folders = folders;
        salvage = new Salvage(folders, mails::containsKey);
        List<Path> paths = Directories.list(folders.journal(), ".seg").stream()
                .filter(p -> Segment.number(p).isPresent())
                .toList();
        writtenTo = writtenTo(paths);
        for (Path path : paths) read(path, Segment.number(path).orElseThrow());
        loseThoseWithoutFile();
        for (Path path : paths) salvage.whoHasThem(path);
        salvage.setAside();
        if (!salvage.owed().isEmpty()) hurt.forEach(this::leave);
        for (Map.Entry<Segment, Long> end : ends.entrySet()) cut(end.getKey().path(), end.getValue());
        for (Committed mail : mails.values()) mail.spot().segment().open().add(mail);
    }

    /** The segment that was written to last. The next is begun before what waits for the one before it is written: until then it holds nothing. */
    private static Optional<Path> writtenTo(List<Path> segments) throws IOException {
        Optional<Path> last = Optional.empty();
        for (Path segment : segments) if (Segment.begun(segment)) last = Optional.of(segment);
        return last;
    }

    private static void cut(Path segment, long end) throws IOException {
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.truncate(end);
            channel.force(true);
        }
    }

    /** Only what is still open behind the last record needs its file: it is deleted with the settlement, before the record of the mail. */
    private void loseThoseWithoutFile() throws IOException {
        for (Committed mail : List.copyOf(mails.values())) {
            if (mail.whole()) continue;
            mails.remove(mail.mail().id());
            salvage.large(mail);
            log.error(
                    "mail {} is lost: its file {} is missing or cut",
                    mail.mail().id(),
                    mail.large().orElseThrow());
            setAside(mail.spot().segment(), 1);
        }
    }

    /** The mails that are not settled, in the order of their commits. */
    Map<MailId, Committed> mails() {
        return mails;
    }

    /** Those of the mails that were settled which were so last. Asked while their segments are there, which may be gone in a moment. */
    List<Pending> settledLast(UUID boot) {
        return settledLast.stream()
                .map(settled -> settled.mail().pending(boot))
                .map(p -> new Pending(
                        p.mail().with(GoneMessage.of(p.mail().message())), p.settled(), p.notes(), p.powerLost()))
                .toList();
    }

    /** Whether something in the journal could not be read, or a large mail's file is missing or cut. */
    boolean damaged() {
        return damaged;
    }

    /** Whether a record that could be read names that file of a large mail. */
    boolean names(Path large) {
        return named.contains(large);
    }

    /** Whether that file of a large mail is all that is left of it, and it could not be set aside now. */
    boolean owes(Path large) {
        return salvage.owed().stream()
                .anyMatch(id -> large.getFileName().toString().equals(id.text()));
    }

    /** All segments, the oldest first. */
    List<Segment> segments() {
        return segments;
    }

    private void read(Path path, long number) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            SegmentReader reader = new SegmentReader(channel);
            Segment segment = new Segment(folders.journal(), number, reader.mark());
            segments.add(segment);
            Marks marks = new Marks(channel, channel.size(), reader.mark());
            int places = 0;
            while (reader.next()) {
                salvage.place(path, marks, reader.gap(), reader.start() - Frame.HEAD);
                if (!understood(segment, reader)) places++;
            }
            if (tailHurt(segment, reader, marks)) places++;
            if (reader.damaged() + places > 0) setAside(segment, reader.damaged() + places);
        }
    }

    /** Looks at what lies behind the last record, which goes at the end. @return whether it was more than an unfinished write */
    private boolean tailHurt(Segment segment, SegmentReader reader, Marks marks) throws IOException {
        Path path = segment.path();
        long end = reader.end();
        long written = reader.written();
        if (written == end) return false;
        ends.put(segment, end);
        boolean unfinished = writtenTo.equals(Optional.of(path)) && reader.unfinished(written);
        log.warn(
                "Journal segment {} ends in {} octets {}: cut off",
                path.getFileName(),
                written - end,
                unfinished ? "of an unfinished write" : "that cannot be read");
        // Without a mark nothing tells one mail from the next: they are in the copy alone.
        if (!unfinished && reader.mark() != 0) salvage.place(path, marks, end, written);
        return !unfinished;
    }

    /** A disk that is full must not keep the spool from being opened: room may come when mail has gone. */
    private void setAside(Segment segment, int places) {
        damaged = true;
        hurt.add(segment);
        Copies copies = new Copies(folders.damaged());
        try {
            copies.make(segment.path()).ifPresent(copy -> tell(segment, places, "a copy is in " + copy));
        } catch (IOException full) {
            tell(segment, places, "it cannot be copied (" + full + "): " + link(copies, segment));
        }
    }

    private static void tell(Segment segment, int places, String copy) {
        log.error(
                "Journal segment {} is damaged in {} place(s): mail there is lost; the rest is used; {}",
                segment.path().getFileName(),
                places,
                copy);
    }

    private String link(Copies copies, Segment segment) {
        ends.remove(segment);
        try {
            return "its octets have a second name, " + copies.link(segment.path());
        } catch (IOException e) {
            leave(segment);
            return "it stays, with all behind it, until the next start (" + e + ")";
        }
    }

    /** What is there is needed by the next start. */
    private void leave(Segment segment) {
        ends.remove(segment);
        segment.need();
    }

    private boolean understood(Segment segment, SegmentReader found) {
        try {
            DataInputStream in = RecordForm.in(found.record(), 0, found.length());
            switch (in.readByte()) {
                case RecordForm.MAIL -> mail(segment, found, in);
                case RecordForm.SETTLED -> settled(in);
                case RecordForm.NOTE -> note(in);
                default -> throw new IOException("a record of a kind that is not known");
            }
            return true;
        } catch (IOException | IllegalArgumentException e) {
            log.error("Journal segment {} at {}: {}", segment.number(), found.start(), e.getMessage());
            return false;
        }
    }

    /** A mail that comes a second time was carried to this segment, and what is known of it follows once more. */
    private void mail(Segment segment, SegmentReader found, DataInputStream in) throws IOException {
        int length = in.readInt();
        MailForm.Described described = MailForm.read(in, NONE);
        MailId id = described.mail().id();
        MailId.after(id);
        newest = Math.max(newest, id.number());
        forgetThoseBefore();
        salvage.whole(id);
        int content = 5 + length;
        int rest = found.length() - content;
        Committed before = mails.remove(id);
        Committed mail;
        if (described.largeSize() == 0) mail = Committed.small(described.mail(), described.boot(), rest);
        else {
            Path path = folders.large().resolve(id.text());
            named.add(path);
            var trace = HeaderBlock.read(new ByteArrayInputStream(found.record(), content, rest));
            mail = Committed.large(described.mail(), described.boot(), path, described.largeSize(), trace);
        }
        mail.at(new Committed.Spot(segment, found.start(), found.length(), content));
        if (before != null) {
            // The copy of what is known may have been cut off behind the copy of the mail; knowing a thing twice does
            // no harm.
            mail.settled().or(before.settled());
            mail.notes().addAll(before.notes());
        }
        mails.put(id, mail);
    }

    private void settled(DataInputStream in) throws IOException {
        MailId id = MailId.of(in.readLong());
        List<Integer> places = RecordForm.places(in);
        Committed mail = mails.get(id);
        if (mail == null) return;
        places.forEach(mail.settled()::set);
        if (!mail.done()) return;
        mails.remove(id);
        settledLast.add(new Settled(mail, newest));
        forgetThoseBefore();
    }

    private void forgetThoseBefore() {
        long since = newest - TimeUnit.MICROSECONDS.convert(LAST);
        while (settledLast.size() > MOST
                || !settledLast.isEmpty() && settledLast.peek().after() < since) settledLast.remove();
    }

    private void note(DataInputStream in) throws IOException {
        MailId id = MailId.of(in.readLong());
        Committed.Noted noted = RecordForm.note(in);
        Committed mail = mails.get(id);
        if (mail != null) mail.notes().add(noted);
    }
}
