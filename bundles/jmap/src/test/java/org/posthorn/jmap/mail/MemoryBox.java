package org.posthorn.jmap.mail;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Changes;
import org.posthorn.api.mailbox.Copied;
import org.posthorn.api.mailbox.Draft;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.api.mailbox.Roll;
import org.posthorn.api.mailbox.Status;
import org.posthorn.api.mailbox.Stored;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.mime.Octets;
import org.posthorn.mime.StoredMessage;

/** One of its mailboxes. */
final class MemoryBox implements Mailbox {

    private record Kept(Entry entry, byte[] octets) {}

    private final MemoryMail mail;
    private final String name;
    private final String id;
    private final TreeMap<Long, Kept> kept = new TreeMap<>();
    private long uids;

    MemoryBox(MemoryMail mail, String name, String id) {
        this.mail = mail;
        this.name = name;
        this.id = id;
    }

    String id() {
        return id;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Entry> entries(UidSet wanted) {
        return kept.values().stream()
                .map(Kept::entry)
                .filter(e -> wanted.contains(e.uid()))
                .toList();
    }

    @Override
    public Optional<Message> message(long uid) throws IOException {
        mail.begins("message " + name);
        mail.opened++;
        return Optional.ofNullable(kept.get(uid)).map(k -> StoredMessage.of(Octets.of(k.octets)));
    }

    @Override
    public List<Entry> append(List<Draft> drafts) throws IOException {
        mail.admit();
        mail.begins("append " + name);
        List<Entry> entries = new ArrayList<>();
        for (Draft draft : drafts)
            try (InputStream in = draft.message().open()) {
                String subject = draft.message().header().stream()
                        .filter(f -> f.is("Subject"))
                        .map(HeaderField::unfolded)
                        .findFirst()
                        .orElse("");
                long number = mail.born(subject);
                mail.born.put(number, mail.next());
                entries.add(keep(in.readAllBytes(), draft.flags(), draft.internalDate(), number));
            }
        return entries;
    }

    private Entry keep(byte[] octets, Flags flags, Instant received, long number) {
        long modSeq = mail.next();
        Entry entry = new Entry(++uids, flags, modSeq, octets.length, received, received, number);
        kept.put(entry.uid(), new Kept(entry, octets));
        mail.touched.put(number, modSeq);
        return entry;
    }

    @Override
    public Stored store(UidSet wanted, FlagChange change, OptionalLong unchangedSince) throws IOException {
        mail.begins("store " + name);
        long modSeq = mail.next();
        for (Entry e : entries(wanted)) {
            Flags flags = change.apply(e.flags());
            Entry now = new Entry(e.uid(), flags, modSeq, e.size(), e.internalDate(), e.saved(), e.emailId());
            kept.put(e.uid(), new Kept(now, kept.get(e.uid()).octets));
            mail.touched.put(e.emailId(), modSeq);
        }
        return new Stored(entries(wanted), UidSet.EMPTY);
    }

    @Override
    public Copied copy(UidSet wanted, Mailbox target, Rights rights) throws IOException {
        mail.admit();
        mail.begins("copy " + name + " " + target.name());
        return take(wanted, (MemoryBox) target);
    }

    private Copied take(UidSet wanted, MemoryBox target) {
        List<Long> from = new ArrayList<>();
        List<Long> to = new ArrayList<>();
        for (Entry e : entries(wanted)) {
            from.add(e.uid());
            to.add(target.keep(kept.get(e.uid()).octets, e.flags(), e.internalDate(), e.emailId())
                    .uid());
        }
        return new Copied(1, from, to);
    }

    @Override
    public Copied move(UidSet wanted, Mailbox target, Rights rights) throws IOException {
        mail.begins("move " + name + " " + target.name());
        Copied copied = take(wanted, (MemoryBox) target);
        remove(wanted);
        mail.begins("moved " + name + " " + target.name());
        return copied;
    }

    @Override
    public UidSet expunge(UidSet wanted) throws IOException {
        mail.begins("expunge " + name);
        return remove(wanted);
    }

    private UidSet remove(UidSet wanted) {
        List<Entry> there = entries(wanted);
        for (Entry e : there) {
            long modSeq = mail.next();
            kept.remove(e.uid());
            boolean left = mail.everything().stream().anyMatch(other -> other.number() == e.emailId());
            (left ? mail.touched : mail.gone).put(e.emailId(), modSeq);
        }
        return UidSet.ofUids(there.stream().mapToLong(Entry::uid));
    }

    private static UnsupportedOperationException notAsked() {
        return new UnsupportedOperationException("Emails need no such thing");
    }

    @Override
    public Roll roll() {
        throw notAsked();
    }

    @Override
    public Status status() {
        throw notAsked();
    }

    @Override
    public Changes since(long modSeq) {
        throw notAsked();
    }

    @Override
    public Watch watch(Runnable listener) {
        throw notAsked();
    }

    @Override
    public long claimRecent(long upTo) {
        throw notAsked();
    }

    @Override
    public Entry replace(UidSet wanted, Draft draft, Mailbox target) {
        throw notAsked();
    }
}
