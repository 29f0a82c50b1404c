package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Patch;
import org.posthorn.jmap.Refusal;
import org.posthorn.jmap.SetError;

/**
 * What Email/set does to the property {@code snoozed}, in one call. That an Email is to be woken is forced before it is moved to where it sleeps, and is forgotten behind the move that brings it back:
 * so none sleeps for ever, wherever a crash comes in between.
 */
record EmailSnooze(Snoozes snoozes, Context context, Address account, MailView mail) {

    private static final String PROPERTY = "snoozed";
    private static final String PLACES = "mailboxIds";

    /** What a patch says of it, and of all else. */
    private record Split(ObjectNode snoozed, ObjectNode rest) {

        static Split of(ObjectNode patch) {
            Split split = new Split(Json.NODES.objectNode(), Json.NODES.objectNode());
            for (Map.Entry<String, JsonNode> change : patch.properties())
                (root(change.getKey()).equals(PROPERTY) ? split.snoozed : split.rest)
                        .set(change.getKey(), change.getValue());
            return split;
        }

        private static String root(String path) {
            return path.split("/", 2)[0];
        }

        boolean places() {
            return rest.properties().stream().anyMatch(p -> root(p.getKey()).equals(PLACES));
        }

        void into(String mailboxId) {
            if (rest.get(PLACES) instanceof ObjectNode all) all.put(mailboxId, true);
            else rest.set(PLACES + "/" + mailboxId, Json.NODES.booleanNode(true));
        }

        /** Where the client does not say itself where it is to be. */
        void outOf(String mailboxId) {
            rest.set(PLACES + "/" + mailboxId, Json.NODES.nullNode());
        }
    }

    /**
     * Makes an Email what the patch says.
     *
     * @param told takes what the client has to learn
     * @return whether it lay where it was said to; if not, nothing is done
     */
    boolean update(Email email, ObjectNode patch, ObjectNode told) throws Refusal, IOException {
        Split split = Split.of(patch.deepCopy());
        if (!SnoozeCapability.works(context, mail.reach()) || split.snoozed.isEmpty())
            return Relocation.make(mail, email, EmailUpdate.of(context, mail, email, patch));
        AccountSnoozes his = snoozes.of(account);
        try {
            return update(his, email, split, told);
        } finally {
            snoozes.changed(account);
        }
    }

    private boolean update(AccountSnoozes his, Email email, Split split, ObjectNode told) throws Refusal, IOException {
        synchronized (his) {
            if (his.get(email.number()).filter(one -> one.isSending(email)).isPresent())
                throw new Refusal(SetError.of("forbidden", "It waits to be sent"));
            ObjectNode now = Json.NODES.objectNode().set(PROPERTY, snoozes.told(mail.reach(), email));
            ObjectNode then = Patch.applied(now, split.snoozed)
                    .orElseThrow(() -> new Refusal(SetError.invalidPatch("Two paths meet, or one leads nowhere")));
            return then.hasNonNull(PROPERTY)
                    ? sleep(his, email, SnoozeDetails.of(then.get(PROPERTY)), split, told)
                    : wake(his, email, split, told);
        }
    }

    private boolean sleep(AccountSnoozes his, Email email, SnoozeDetails wanted, Split split, ObjectNode told)
            throws Refusal, IOException {
        DedicatedMailbox box = DedicatedMailbox.of(mail, SpecialUse.SNOOZED);
        boolean there = isIn(email, box.id());
        Optional<String> home = there || split.places() ? Optional.empty() : Optional.of(home(email, wanted));
        if (!there || split.places()) split.into(box.id());
        home.ifPresent(id -> split.outOf(id));
        Placing to = EmailUpdate.of(context, mail, email, split.rest);
        Optional<Snooze> before = his.get(email.number());
        SnoozeDetails details = wanted.to(target(wanted, box)
                .or(() -> home)
                .or(() -> there ? before.flatMap(b -> b.details().moveToMailboxId()) : Optional.empty()));
        if (before.isEmpty() && !his.hasRoom(mail))
            throw new Refusal(SetError.of("overQuota", "More Emails than " + AccountSnoozes.MOST + " do not sleep"));
        his.put(Snooze.asleep(account, email.number(), box.id(), details));
        if (!moved(his, email, to, before, box)) return false;
        renew(email, box);
        told.set(PLACES, ids(to));
        told.set(PROPERTY, details.json());
        return true;
    }

    /** Where it cannot be put to sleep it is as it was. A fault may come behind the move: what cannot be seen to lie elsewhere is woken. */
    private boolean moved(AccountSnoozes his, Email email, Placing to, Optional<Snooze> before, DedicatedMailbox box)
            throws Refusal, IOException {
        try {
            if (Relocation.make(mail, email, to)) return true;
        } catch (IOException | RuntimeException | Refusal fault) {
            restoreBehind(fault, his, email, before, box);
            throw fault;
        }
        restore(his, email, before);
        return false;
    }

    private void restoreBehind(
            Exception fault, AccountSnoozes his, Email email, Optional<Snooze> before, DedicatedMailbox box) {
        try {
            boolean slept = before.filter(one -> one.isAsleep(email)).isPresent();
            Optional<Email> now = mail.email(Metadata.id(email));
            if (slept || now.filter(one -> isIn(one, box.id())).isEmpty()) restore(his, email, before);
        } catch (IOException | RuntimeException too) {
            fault.addSuppressed(too);
        }
    }

    private static void restore(AccountSnoozes his, Email email, Optional<Snooze> before) throws IOException {
        if (before.isPresent()) his.put(before.get());
        else his.remove(email.number());
    }

    /** What sleeps already takes another UID where it lies, as in the draft: so other clients are told that something has changed. */
    private void renew(Email before, DedicatedMailbox box) throws IOException {
        Optional<Email> now = mail.email(Metadata.id(before));
        if (now.isEmpty() || !now.get().places().equals(before.places())) return;
        Mailbox mailbox = mail.mailbox(box.name());
        for (Email.Place place : before.places())
            if (place.mailboxId().equals(box.id()))
                mailbox.move(UidSet.of(place.entry().uid()), mailbox);
    }

    /** Back to where it is to come back to, unless the patch says where to; its keywords stay. */
    private boolean wake(AccountSnoozes his, Email email, Split split, ObjectNode told) throws Refusal, IOException {
        Optional<Snooze> asleep = his.get(email.number()).filter(one -> one.isAsleep(email));
        boolean back = asleep.isPresent() && !split.places();
        if (back) {
            split.outOf(asleep.get().mailboxId());
            split.into(Awakening.target(mail, asleep.get()));
        }
        Placing to = EmailUpdate.of(context, mail, email, split.rest);
        if (!Relocation.make(mail, email, to)) return false;
        his.remove(email.number());
        if (back) told.set(PLACES, ids(to));
        return true;
    }

    private static boolean isIn(Email email, String mailboxId) {
        return email.places().stream().anyMatch(p -> p.mailboxId().equals(mailboxId));
    }

    /** Which of its mailboxes it leaves, when the client does not say: the one to which it comes back, else INBOX, else any. */
    private String home(Email email, SnoozeDetails wanted) {
        List<Email.Place> places = email.places();
        Optional<String> back = wanted.moveToMailboxId().map(context::resolved).filter(id -> isIn(email, id));
        Optional<String> inbox = places.stream()
                .filter(p -> p.mailbox().equals(Folder.INBOX))
                .map(Email.Place::mailboxId)
                .findFirst();
        return back.or(() -> inbox).orElse(places.get(0).mailboxId());
    }

    /** Where the client wants it to come back. */
    private Optional<String> target(SnoozeDetails wanted, DedicatedMailbox box) throws Refusal, IOException {
        Optional<String> id = wanted.moveToMailboxId().map(context::resolved);
        if (id.isPresent() && (id.get().equals(box.id()) || !mail.mailboxes().containsKey(id.get())))
            throw Refusal.of(PROPERTY, "moveToMailboxId is another mailbox, which there is");
        return id;
    }

    private ObjectNode ids(Placing to) throws IOException {
        TreeSet<String> ids = new TreeSet<>();
        mail.mailboxes().forEach((id, name) -> {
            if (to.mailboxes().contains(name)) ids.add(id);
        });
        return Metadata.set(ids);
    }
}
