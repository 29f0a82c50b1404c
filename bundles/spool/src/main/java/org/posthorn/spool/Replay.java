package org.posthorn.spool;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Message;
import org.posthorn.mime.HeaderBlock;
import org.posthorn.mime.StoredMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the journal as the last process left it. What can be read counts. A torn tail is cut off: nobody got a reply for it. Damage
 * elsewhere costs the records that it hit; the segment is copied to {@code damaged}.
 */
final class Replay {

    private static final Logger log = LoggerFactory.getLogger(Replay.class);
    private static final Message NONE = StoredMessage.of("");

    private final Directories folders;
    private final Map<MailId, Committed> mails = new LinkedHashMap<>();
    private final List<Segment> segments = new ArrayList<>();

    Replay(Directories folders) throws IOException {
        this.folders = folders;
        for (Path path : Directories.list(folders.journal(), ".seg")) {
            Optional<Long> number = Segment.number(path);
            if (number.isPresent()) read(path, number.get());
        }
        loseThoseWithoutFile();
        for (Committed mail : mails.values()) mail.spot().segment().open().add(mail);
    }

    /** Only what is still open behind the last record needs its file: it is deleted with the settlement, before the record of the mail. */
    private void loseThoseWithoutFile() throws IOException {
        for (Committed mail : List.copyOf(mails.values())) {
            if (mail.whole()) continue;
            mails.remove(mail.mail().id());
            log.error(
                    "mail {} is lost: its file {} is missing or cut",
                    mail.mail().id(),
                    mail.large().orElseThrow());
            setAside(mail.spot().segment().path(), 1);
        }
    }

    /** The mails that are not settled, in the order of their commits. */
    Map<MailId, Committed> mails() {
        return mails;
    }

    /** All segments, the oldest first. */
    List<Segment> segments() {
        return segments;
    }

    private void read(Path path, long number) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            SegmentReader reader = new SegmentReader(channel);
            Segment segment = new Segment(folders.journal(), number, reader.mark());
            segments.add(segment);
            int unknown = 0;
            while (reader.next()) if (!understood(segment, reader)) unknown++;
            if (reader.damaged() + unknown > 0) setAside(path, reader.damaged() + unknown);
            if (!reader.torn()) return;
            log.warn(
                    "Journal segment {} ends in {} octets of an unfinished write: cut off",
                    path.getFileName(),
                    channel.size() - reader.end());
            channel.truncate(reader.end());
            channel.force(true);
        }
    }

    private void setAside(Path path, int places) throws IOException {
        Path copy = folders.damaged().resolve(path.getFileName().toString());
        if (Files.exists(copy)) return;
        Files.copy(path, copy);
        log.error(
                "Journal segment {} is damaged in {} place(s): mail there is lost; the rest is used; a copy is in {}",
                path.getFileName(),
                places,
                copy);
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
        int content = 5 + length;
        int rest = found.length() - content;
        Committed before = mails.remove(id);
        Committed mail;
        if (described.largeSize() == 0) mail = Committed.small(described.mail(), described.boot(), rest);
        else {
            Path path = folders.large().resolve(id.text());
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
        Committed mail = mails.get(id);
        if (mail == null) return;
        for (int count = in.readInt(); count > 0; count--) mail.settled().set(in.readInt());
        if (mail.done()) mails.remove(id);
    }

    private void note(DataInputStream in) throws IOException {
        Committed mail = mails.get(MailId.of(in.readLong()));
        if (mail != null) mail.notes().add(RecordForm.note(in));
    }
}
