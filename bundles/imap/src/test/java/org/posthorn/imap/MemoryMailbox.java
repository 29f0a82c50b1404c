package org.posthorn.imap;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Amount;
import org.posthorn.api.mailbox.Changes;
import org.posthorn.api.mailbox.Copied;
import org.posthorn.api.mailbox.Draft;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.api.mailbox.Roll;
import org.posthorn.api.mailbox.Status;
import org.posthorn.api.mailbox.Stored;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.mime.Octets;
import org.posthorn.mime.StoredMessage;

final class MemoryMailbox implements Mailbox {

    private record Kept(Entry entry, Message message) {}

    private final MemoryAccount account;
    private String name;
    private long uidValidity;
    private final TreeMap<Long, Kept> kept = new TreeMap<>();
    private final TreeMap<Long, Long> expunged = new TreeMap<>();
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private long uidNext = 1;
    private long recentFrom = 1;
    private boolean forgetful;
    private int looks;
    private int byOwner;
    private IOException unreadable;
    private IOException unclaimable;
    private final Map<UidSet, IOException> unlisted = new HashMap<>();
    private final Map<Long, IOException> broken = new HashMap<>();

    MemoryMailbox(MemoryAccount account, String name, long uidValidity) {
        this.account = account;
        this.name = name;
        this.uidValidity = uidValidity;
    }

    void renamed(String to) {
        name = to;
    }

    /** Its index was lost: it has that one from now on. */
    void uidValidity(long other) {
        uidValidity = other;
    }

    /** The next UID is that one. */
    void uidNext(long uid) {
        uidNext = uid;
    }

    /** From now on it does not remember what it removed. */
    void forget() {
        forgetful = true;
    }

    /** Nobody can tell how it is from now on; null when somebody can. */
    void unreadable(IOException reason) {
        unreadable = reason;
    }

    /** Nobody can claim what is recent from now on. */
    void unclaimable(IOException reason) {
        unclaimable = reason;
    }

    /** Who asks for just these is told nothing from now on. */
    void unlisted(UidSet uids, IOException reason) {
        unlisted.put(uids, reason);
    }

    /** That message is read by this from now on. */
    void read(long uid, UnaryOperator<Message> by) {
        kept.computeIfPresent(uid, (u, k) -> new Kept(k.entry, by.apply(k.message)));
    }

    /** That message cannot be read from now on. */
    void fails(long uid, IOException reason) {
        broken.put(uid, reason);
    }

    /** How often somebody has asked what there is now. */
    synchronized int looks() {
        return looks;
    }

    int watchers() {
        return watchers.size();
    }

    long add(String message, Flags flags) throws IOException {
        return append(StoredMessage.of(message), flags, Instant.parse("1996-07-17T09:44:25Z"))
                .uid();
    }

    /** UIDVALIDITYs are not given twice, and stay. */
    String mailboxId() {
        return ObjectId.mailbox(uidValidity);
    }

    void told() {
        watchers.forEach(Runnable::run);
        account.told(name);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized Roll roll() throws IOException {
        List<Entry> all = entries(UidSet.ALL);
        Set<String> keywords = new HashSet<>();
        all.forEach(e -> keywords.addAll(e.flags().keywords()));
        return new Roll(status(), UidSet.ofUids(all.stream().mapToLong(Entry::uid)), keywords);
    }

    @Override
    public synchronized Status status() throws IOException {
        if (unreadable != null) throw unreadable;
        List<Entry> unseen = kept.values().stream()
                .map(Kept::entry)
                .filter(e -> !e.flags().has(Flags.SEEN))
                .toList();
        return new Status(
                kept.size(),
                kept.tailMap(recentFrom).size(),
                unseen.size(),
                kept.values().stream()
                        .filter(k -> k.entry.flags().has(Flags.DELETED))
                        .count(),
                unseen.isEmpty() ? 0 : unseen.get(0).uid(),
                uidNext,
                uidValidity,
                account.modSeq(),
                kept.values().stream().mapToLong(k -> k.entry.size()).sum(),
                kept.values().stream()
                        .filter(k -> k.entry.flags().has(Flags.DELETED))
                        .mapToLong(k -> k.entry.size())
                        .sum(),
                mailboxId());
    }

    @Override
    public synchronized List<Entry> entries(UidSet uids) throws IOException {
        looks++;
        if (unlisted.containsKey(uids)) throw unlisted.get(uids);
        return there(uids);
    }

    private List<Entry> there(UidSet uids) {
        List<Entry> entries = new ArrayList<>();
        for (UidSet.Range r : uids.ranges())
            kept.subMap(r.first(), true, r.last(), true).values().forEach(k -> entries.add(k.entry));
        return entries;
    }

    @Override
    public synchronized Optional<Message> message(long uid) throws IOException {
        if (broken.containsKey(uid)) throw broken.get(uid);
        return Optional.ofNullable(kept.get(uid)).map(Kept::message);
    }

    @Override
    public synchronized Changes since(long modSeq) {
        looks++;
        return noticed(modSeq);
    }

    @Override
    public synchronized Changes noticed(long modSeq) {
        boolean gave = modSeq <= account.modSeq();
        List<Entry> changed = kept.values().stream()
                .map(Kept::entry)
                .filter(e -> !gave || e.modSeq() > modSeq)
                .toList();
        UidSet vanished = UidSet.ofUids(expunged.entrySet().stream()
                .filter(e -> e.getValue() > modSeq && !forgetful)
                .mapToLong(Map.Entry::getKey));
        return new Changes(changed, vanished, gave && !forgetful, account.modSeq());
    }

    @Override
    public Watch watch(Runnable listener) {
        watchers.add(listener);
        return () -> watchers.remove(listener);
    }

    @Override
    public synchronized long claimRecent(long upTo) throws IOException {
        if (unclaimable != null) throw unclaimable;
        long from = recentFrom;
        recentFrom = Math.max(from, Math.min(uidNext, upTo + 1));
        return from;
    }

    private static Amount amount(List<Entry> entries) {
        return new Amount(entries.stream().mapToLong(Entry::size).sum(), entries.size());
    }

    synchronized Amount held() {
        return amount(kept.values().stream().map(Kept::entry).toList());
    }

    @Override
    public List<Entry> append(List<Draft> drafts) throws IOException {
        account.admit(
                new Amount(drafts.stream().mapToLong(d -> d.message().size()).sum(), drafts.size()));
        return take(drafts);
    }

    @Override
    public List<Entry> appendOwn(List<Draft> drafts) throws IOException {
        byOwner += drafts.size();
        return append(drafts);
    }

    /** So many messages its owner has put here himself. */
    int byOwner() {
        return byOwner;
    }

    private List<Entry> take(List<Draft> drafts) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Draft draft : drafts)
            try (InputStream in = draft.message().open()) {
                byte[] bytes = in.readAllBytes();
                entries.add(keep(draft, StoredMessage.of(Octets.of(bytes)), account.nextEmailId()));
            }
        told();
        return entries;
    }

    private synchronized Entry keep(Draft draft, Message message, long emailId) {
        Entry entry = new Entry(
                uidNext++,
                draft.flags(),
                account.nextModSeq(),
                message.size(),
                draft.internalDate(),
                account.now(),
                emailId);
        kept.put(entry.uid(), new Kept(entry, message));
        return entry;
    }

    @Override
    public Stored store(UidSet uids, FlagChange change, OptionalLong unchangedSince) {
        List<Long> modified = new ArrayList<>();
        synchronized (this) {
            long modSeq = account.nextModSeq();
            for (Entry e : there(uids)) {
                if (e.modSeq() > unchangedSince.orElse(Long.MAX_VALUE)) modified.add(e.uid());
                else if (!change.apply(e.flags()).equals(e.flags())) {
                    Entry now = new Entry(
                            e.uid(),
                            change.apply(e.flags()),
                            modSeq,
                            e.size(),
                            e.internalDate(),
                            e.saved(),
                            e.emailId());
                    kept.put(e.uid(), new Kept(now, kept.get(e.uid()).message));
                }
            }
        }
        told();
        return new Stored(there(uids), UidSet.ofUids(modified.stream().mapToLong(u -> u)));
    }

    @Override
    public Entry replace(UidSet uids, Draft draft, Mailbox target) throws IOException {
        Amount leaving = amount(there(uids));
        account.admit(new Amount(draft.message().size(), 1).minus(leaving));
        Entry entry = ((MemoryMailbox) target).take(List.of(draft)).get(0);
        expunge(uids);
        return entry;
    }

    @Override
    public Copied copy(UidSet uids, Mailbox target, Rights rights) throws IOException {
        account.admit(amount(there(uids)));
        return take(uids, (MemoryMailbox) target, rights);
    }

    private Copied take(UidSet uids, MemoryMailbox target, Rights rights) throws IOException {
        List<Long> from = new ArrayList<>();
        List<Long> to = new ArrayList<>();
        for (Entry e : there(uids)) {
            from.add(e.uid());
            Message message = message(e.uid()).orElseThrow();
            to.add(target.keep(new Draft(message, rights.permitted(e.flags()), e.internalDate()), message, e.emailId())
                    .uid());
        }
        target.told();
        return new Copied(target.status().uidValidity(), from, to);
    }

    @Override
    public Copied move(UidSet uids, Mailbox target, Rights rights) throws IOException {
        Copied copied = take(uids, (MemoryMailbox) target, rights);
        expunge(uids);
        return copied;
    }

    @Override
    public UidSet expunge(UidSet uids) {
        UidSet there;
        synchronized (this) {
            there = UidSet.ofUids(there(uids).stream().mapToLong(Entry::uid));
            long modSeq = account.nextModSeq();
            there.stream().forEach(uid -> {
                kept.remove(uid);
                expunged.put(uid, modSeq);
            });
        }
        told();
        return there;
    }
}
