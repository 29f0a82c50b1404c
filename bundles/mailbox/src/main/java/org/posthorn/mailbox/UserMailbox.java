package org.posthorn.mailbox;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Amount;
import org.posthorn.api.mailbox.Changes;
import org.posthorn.api.mailbox.Copied;
import org.posthorn.api.mailbox.Draft;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.api.mailbox.Roll;
import org.posthorn.api.mailbox.Status;
import org.posthorn.api.mailbox.Stored;
import org.posthorn.api.mailbox.UidSet;

/** The mailbox as protocols see it. Holds nothing: each call looks it up. */
final class UserMailbox implements Mailbox {

    private final Accounts accounts;
    private final Address address;
    private final String name;

    UserMailbox(Accounts accounts, Address address, String name) {
        this.accounts = accounts;
        this.address = address;
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    <T> T use(Box.Call<T> call) throws IOException {
        return accounts.use(address, shelf -> shelf.use(name, call));
    }

    /** Calls under the lock, after a look at what other programs did. */
    private <T> T see(Box.Call<T> call) throws IOException {
        return use(box -> box.with(b -> {
            b.refresh();
            return call.on(b);
        }));
    }

    @Override
    public Status status() throws IOException {
        return see(box -> status(box.index()));
    }

    private static Status status(Index index) {
        MessageTable table = index.table();
        return new Status(
                table.rows(),
                table.rows() - table.rowFrom(index.recentFrom()),
                table.unseen(),
                table.deleted(),
                table.firstUnseen(),
                index.uidNext(),
                index.uidValidity(),
                Math.max(1, index.highestModSeq()),
                table.octets(),
                table.deletedOctets(),
                ObjectId.mailbox(table.mailboxId()));
    }

    @Override
    public Roll roll() throws IOException {
        return see(box -> {
            MessageTable table = box.index().table();
            return new Roll(status(box.index()), table.uids(), table.keywords());
        });
    }

    @Override
    public List<Entry> entries(UidSet uids) throws IOException {
        return see(box -> box.index().table().entries(uids));
    }

    @Override
    public Optional<Message> message(long uid) throws IOException {
        // Who is known needs no look at the folder: a file that others renamed or removed shows so when it is read.
        Optional<Message> known = use(box -> box.with(b -> read(b, uid)));
        return known.isPresent() ? known : see(b -> read(b, uid));
    }

    private static Optional<Message> read(Box box, long uid) throws IOException {
        int row = box.index().table().row(uid);
        return row < 0
                ? Optional.empty()
                : box.folder().read(box.index().table().filed(row));
    }

    @Override
    public Changes since(long modSeq) throws IOException {
        return see(box -> box.index().since(modSeq));
    }

    @Override
    public Changes noticed(long modSeq) throws IOException {
        return use(box -> box.with(b -> b.index().since(modSeq)));
    }

    @Override
    public Watch watch(Runnable listener) {
        return accounts.watches().add(address.folded(), name, listener);
    }

    @Override
    public long claimRecent(long upTo) throws IOException {
        return use(box -> box.with(b -> {
            long from = b.index().recentFrom();
            long last = Math.min(upTo, b.index().table().lastUid());
            if (last >= from) b.commit(List.of(new IndexRecord.Claimed(last + 1)));
            return from;
        }));
    }

    @Override
    public List<Entry> append(List<Draft> drafts) throws IOException {
        return use(box -> new Arrival(box).durable(drafts));
    }

    @Override
    public List<Entry> appendOwn(List<Draft> drafts) throws IOException {
        return use(box -> {
            Sent sent = accounts.sent(box.account());
            List<Optional<String>> prints = sent.prints(box, drafts);
            return new Arrival(box).durable(drafts, Amount.NOTHING, entries -> sent.arrived(box, prints, entries));
        });
    }

    @Override
    public Stored store(UidSet uids, FlagChange change, OptionalLong unchangedSince) throws IOException {
        return use(box -> new FlagStore(change, unchangedSince).run(box, uids));
    }

    @Override
    public Copied copy(UidSet uids, Mailbox target, Rights rights) throws IOException {
        return into(own(target), (from, to) -> new Transfer(from, to, rights).copy(uids));
    }

    @Override
    public Copied move(UidSet uids, Mailbox target, Rights rights) throws IOException {
        return into(own(target), (from, to) -> new Transfer(from, to, rights).move(uids));
    }

    @Override
    public Entry replace(UidSet uids, Draft draft, Mailbox target) throws IOException {
        return into(own(target), (from, to) -> new Arrival(to).replacing(from, uids, draft));
    }

    private interface Passage<T> {
        T run(Box from, Box to) throws IOException;
    }

    /** An account is asked for once: who has it already must not wait where callers wait for those that have it. */
    private <T> T into(UserMailbox target, Passage<T> passage) throws IOException {
        boolean together =
                target.accounts == accounts && target.address.folded().equals(address.folded());
        return together
                ? accounts.use(
                        address, shelf -> shelf.use(name, from -> shelf.use(target.name, to -> passage.run(from, to))))
                : use(from -> target.use(to -> passage.run(from, to)));
    }

    private static UserMailbox own(Mailbox mailbox) {
        if (mailbox instanceof UserMailbox own) return own;
        throw new IllegalArgumentException("not a mailbox of this store");
    }

    @Override
    public UidSet expunge(UidSet uids) throws IOException {
        return use(box -> Removal.durable(box, uids));
    }
}
