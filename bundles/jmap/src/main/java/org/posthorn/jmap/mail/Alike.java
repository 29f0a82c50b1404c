package org.posthorn.jmap.mail;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.jmap.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be done alike to many Emails, each with one thing at one place: one call of the mailbox does it to all of them, with what it forces to disk for one. What
 * takes more than one step is left to {@link Relocation}, as is what was not met or broke here. For one thread.
 */
final class Alike {

    private static final Logger LOG = LoggerFactory.getLogger(Alike.class);

    /** One thing that a mailbox does to any number of messages. Equal ones go together. */
    private sealed interface Deed {

        /** Full name of the mailbox where they lie. */
        String mailbox();

        /** @return the UIDs of those that were there */
        LongStream make(MailView mail, Mailbox mailbox, UidSet uids) throws IOException;
    }

    private record Move(String mailbox, String target) implements Deed {
        @Override
        public LongStream make(MailView mail, Mailbox from, UidSet uids) throws IOException {
            Mailbox to = mail.mailbox(target);
            return from.move(uids, to, mail.rights(to)).from().stream().mapToLong(uid -> uid);
        }
    }

    private record Store(String mailbox, FlagChange.Kind kind, Flags flags) implements Deed {
        @Override
        public LongStream make(MailView mail, Mailbox at, UidSet uids) throws IOException {
            FlagChange change = new FlagChange(kind, flags, mail.rights(at));
            return at.store(uids, change, OptionalLong.empty()).entries().stream()
                    .mapToLong(entry -> entry.uid());
        }
    }

    private record Expunge(String mailbox) implements Deed {
        @Override
        public LongStream make(MailView mail, Mailbox from, UidSet uids) throws IOException {
            return from.expunge(uids).stream();
        }
    }

    /** What somebody may do at one moment and may not at another. */
    private interface Asking {
        boolean may() throws Refusal, IOException;
    }

    /** That a deed is done to an Email, if that is permitted when it comes to it. */
    private record Wish(Email email, Asking asking) {
        String id() {
            return Metadata.id(email);
        }

        /** What is refused is told when it has its own turn. */
        boolean isPermitted() {
            try {
                return asking.may();
            } catch (Refusal | IOException refused) {
                return false;
            }
        }
    }

    private final MailView mail;
    private final Map<Deed, Map<Long, Wish>> deeds = new LinkedHashMap<>();

    Alike(MailView mail) {
        this.mail = mail;
    }

    /** Notes that the Email is to be as it is wanted, if that is one step. */
    void place(Email email, Placing to) {
        Set<String> wanted = new HashSet<>(to.mailboxes());
        email.places().forEach(place -> wanted.remove(place.mailbox()));
        SortedSet<String> now = Metadata.keywords(email);
        if (!wanted.isEmpty()) {
            if (wanted.size() == 1 && to.keywords().equals(now))
                move(email, to, wanted.iterator().next());
        } else if (email.places().size() == 1) store(email, now, to);
    }

    private void move(Email email, Placing to, String target) {
        Email.Place[] leaving = email.places().stream()
                .filter(place -> !to.mailboxes().contains(place.mailbox()))
                .toArray(Email.Place[]::new);
        if (leaving.length == 1)
            note(leaving[0], new Move(leaving[0].mailbox(), target), new Wish(email, () -> permit().update(email, to)));
    }

    private void store(Email email, SortedSet<String> now, Placing to) {
        SortedSet<String> added = less(to.keywords(), now);
        SortedSet<String> removed = less(now, to.keywords());
        if (added.isEmpty() == removed.isEmpty()) return;
        FlagChange.Kind kind = removed.isEmpty() ? FlagChange.Kind.ADD : FlagChange.Kind.REMOVE;
        Flags flags = Keywords.flags(removed.isEmpty() ? added : removed);
        Email.Place place = email.places().get(0);
        note(place, new Store(place.mailbox(), kind, flags), new Wish(email, () -> permit().update(email, to)));
    }

    private static SortedSet<String> less(SortedSet<String> all, SortedSet<String> without) {
        SortedSet<String> rest = new TreeSet<>(all);
        rest.removeAll(without);
        return rest;
    }

    /** Notes that the Email is to be in no mailbox, if it is in one. */
    void destroy(Email email) {
        Email.Place place = email.places().get(0);
        if (email.places().size() == 1)
            note(place, new Expunge(place.mailbox()), new Wish(email, () -> permit().destroy(email)));
    }

    private Permit permit() {
        return mail.permit();
    }

    private void note(Email.Place place, Deed deed, Wish wish) {
        deeds.computeIfAbsent(deed, d -> new HashMap<>()).put(place.entry().uid(), wish);
    }

    /** Does what several have in common. @param emails what is tried is taken out, as it may be otherwise now @return the ids of those to which it is done */
    Set<String> make(Map<String, Email> emails) {
        Set<String> done = new HashSet<>();
        deeds.forEach((deed, wishes) -> {
            wishes.values().removeIf(wish -> !wish.isPermitted());
            if (wishes.size() < 2) return;
            wishes.values().forEach(wish -> emails.remove(wish.id()));
            make(deed, wishes, done);
        });
        return done;
    }

    private void make(Deed deed, Map<Long, Wish> wishes, Set<String> done) {
        UidSet uids = UidSet.ofUids(wishes.keySet().stream().mapToLong(uid -> uid));
        try {
            deed.make(mail, mail.mailbox(deed.mailbox()), uids)
                    .forEach(uid -> done.add(wishes.get(uid).id()));
        } catch (IOException | RuntimeException broken) {
            LOG.warn("{} Emails cannot be changed in one, and are changed one by one", wishes.size(), broken);
        }
    }
}
