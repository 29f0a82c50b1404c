package org.posthorn.imap;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Changes;
import org.posthorn.api.mailbox.Copied;
import org.posthorn.api.mailbox.Draft;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.Place;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.api.mailbox.Roll;
import org.posthorn.api.mailbox.Status;
import org.posthorn.api.mailbox.Stored;
import org.posthorn.api.mailbox.UidSet;

/**
 * A mailbox as a user may use it: whatever command asks, nothing is told or done beyond the rights.
 *
 * @param mailbox as it is
 * @param name what the user calls it
 */
record Guarded(Mailbox mailbox, String name, Rights rights) implements Mailbox {

    private Mailbox allowing(Operation operation) throws IOException {
        operation.demand(rights);
        return mailbox;
    }

    @Override
    public Status status() throws IOException {
        return allowing(Operation.READ).status();
    }

    @Override
    public Roll roll() throws IOException {
        return allowing(Operation.READ).roll();
    }

    @Override
    public List<Entry> entries(UidSet uids) throws IOException {
        return allowing(Operation.READ).entries(uids);
    }

    @Override
    public Optional<Message> message(long uid) throws IOException {
        return allowing(Operation.READ).message(uid);
    }

    @Override
    public Changes since(long modSeq) throws IOException {
        return allowing(Operation.READ).since(modSeq);
    }

    @Override
    public Changes noticed(long modSeq) throws IOException {
        return allowing(Operation.READ).noticed(modSeq);
    }

    @Override
    public Watch watch(Runnable listener) throws IOException {
        return allowing(Operation.READ).watch(listener);
    }

    @Override
    public long claimRecent(long upTo) throws IOException {
        return allowing(Operation.READ).claimRecent(upTo);
    }

    @Override
    public List<Entry> append(List<Draft> drafts) throws IOException {
        Mailbox target = allowing(Operation.INSERT);
        List<Draft> all = drafts.stream().map(this::permitted).toList();
        // What its owner has sent is no business of others.
        return Place.isShared(name) ? target.append(all) : target.appendOwn(all);
    }

    private Draft permitted(Draft draft) {
        return new Draft(draft.message(), rights.permitted(draft.flags()), draft.internalDate());
    }

    @Override
    public Stored store(UidSet uids, FlagChange change, OptionalLong unchangedSince) throws IOException {
        return allowing(Operation.READ)
                .store(uids, new FlagChange(change.kind(), change.flags(), rights), unchangedSince);
    }

    @Override
    public Copied copy(UidSet uids, Mailbox target, Rights all) throws IOException {
        Guarded to = (Guarded) target;
        return allowing(Operation.READ).copy(uids, to.allowing(Operation.INSERT), to.rights);
    }

    @Override
    public Copied move(UidSet uids, Mailbox target, Rights all) throws IOException {
        Guarded to = (Guarded) target;
        return allowing(Operation.TAKE).move(uids, to.allowing(Operation.INSERT), to.rights);
    }

    @Override
    public Entry replace(UidSet uids, Draft draft, Mailbox target) throws IOException {
        Guarded to = (Guarded) target;
        return allowing(Operation.TAKE).replace(uids, to.permitted(draft), to.allowing(Operation.INSERT));
    }

    @Override
    public UidSet expunge(UidSet uids) throws IOException {
        return allowing(Operation.EXPUNGE).expunge(uids);
    }
}
