package org.posthorn.pop3;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Changes;
import org.posthorn.api.mailbox.Copied;
import org.posthorn.api.mailbox.Delivery;
import org.posthorn.api.mailbox.Draft;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.api.mailbox.Placed;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.api.mailbox.Roll;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.api.mailbox.Status;
import org.posthorn.api.mailbox.Stored;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.api.spool.Pending;
import org.posthorn.mime.StoredMessage;

/** One INBOX in memory; everything else is not asked for by POP3. */
final class Shelf implements MailboxStore, Account, Mailbox {

    final TreeMap<Long, Message> messages = new TreeMap<>();
    long uidValidity = 7;
    boolean broken;
    Runnable opening = () -> {};

    Shelf with(String... octets) {
        for (String text : octets)
            messages.put(messages.isEmpty() ? 101 : messages.lastKey() + 1, StoredMessage.of(text));
        return this;
    }

    private void work() throws IOException {
        if (broken) throw new IOException("the shelf fell down");
    }

    @Override
    public Account account(Address account) throws IOException {
        work();
        opening.run();
        return this;
    }

    @Override
    public Optional<Mailbox> mailbox(String name) {
        return Optional.of(this).filter(m -> name.equals("INBOX")).map(Mailbox.class::cast);
    }

    @Override
    public Status status() {
        long next = messages.isEmpty() ? 1 : messages.lastKey() + 1;
        return new Status(messages.size(), 0, 0, 0, 0, next, uidValidity, 1, 0, 0, ObjectId.mailbox(uidValidity));
    }

    @Override
    public List<Entry> entries(UidSet uids) {
        List<Entry> entries = new ArrayList<>();
        messages.forEach((uid, m) -> {
            if (uids.contains(uid))
                entries.add(new Entry(uid, Flags.NONE, 1, m.size(), Instant.EPOCH, Instant.EPOCH, uid));
        });
        return entries;
    }

    @Override
    public Optional<Message> message(long uid) {
        return Optional.ofNullable(messages.get(uid));
    }

    @Override
    public UidSet expunge(UidSet uids) throws IOException {
        work();
        UidSet there = UidSet.ofUids(LongStream.of(messages.keySet().stream()
                .mapToLong(Long::longValue)
                .filter(uids::contains)
                .toArray()));
        there.stream().forEach(messages::remove);
        return there;
    }

    private static UnsupportedOperationException notAsked() {
        return new UnsupportedOperationException("POP3 does not ask for this");
    }

    @Override
    public Roll roll() {
        throw notAsked();
    }

    @Override
    public Entry replace(UidSet uids, Draft draft, Mailbox target) {
        throw notAsked();
    }

    @Override
    public Placed deliver(Delivery delivery) {
        throw notAsked();
    }

    @Override
    public Collection<Integer> shelved(Pending pending) {
        throw notAsked();
    }

    @Override
    public List<Listed> list() {
        throw notAsked();
    }

    @Override
    public List<String> subscriptions() {
        throw notAsked();
    }

    @Override
    public String create(String name, Optional<SpecialUse> use) {
        throw notAsked();
    }

    @Override
    public void delete(String name) {
        throw notAsked();
    }

    @Override
    public void rename(String from, String to) {
        throw notAsked();
    }

    @Override
    public void subscribe(String name) {
        throw notAsked();
    }

    @Override
    public void unsubscribe(String name) {
        throw notAsked();
    }

    @Override
    public String name() {
        return "INBOX";
    }

    @Override
    public Changes since(long modSeq) {
        throw notAsked();
    }

    @Override
    public Watch watch(Predicate<String> meant, Consumer<String> listener) {
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
    public List<Entry> append(List<Draft> drafts) {
        throw notAsked();
    }

    @Override
    public Stored store(UidSet uids, FlagChange change, OptionalLong unchangedSince) {
        throw notAsked();
    }

    @Override
    public Copied copy(UidSet uids, Mailbox target, Rights rights) {
        throw notAsked();
    }

    @Override
    public Copied move(UidSet uids, Mailbox target, Rights rights) {
        throw notAsked();
    }
}
