package org.posthorn.jmap.mail;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import org.posthorn.api.mailbox.Copied;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.jmap.Refusal;

/**
 * Brings one Email where it is to be, wholly or not at all, RFC 8620 5.3. What can be refused comes first and what is gone for good last, when all other places are known to
 * hold the Email. For one thread.
 */
final class Relocation {

    /** The Email is not where it was: another session was faster. */
    private static final class Elsewhere extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** What is done. */
    private interface Change {
        /** @return whether the Email lay where it was said to */
        boolean make() throws IOException;
    }

    /** Where one copy of it lies now. */
    private record Spot(Mailbox mailbox, UidSet uid) {
        /** Back to where one was, with all that this one has. */
        void copy(Mailbox to) throws IOException {
            mailbox.copy(uid, to);
        }
    }

    /** What becomes of its keywords: copies that differ in others go on doing so. */
    private record Turn(SortedSet<String> added, SortedSet<String> removed) {
        static Turn of(SortedSet<String> before, SortedSet<String> after) {
            return new Turn(less(after, before), less(before, after));
        }
    }

    private final MailView mail;
    private final Email email;
    private final Undoing undoing = new Undoing();
    private final List<Spot> kept = new ArrayList<>();

    private Relocation(MailView mail, Email email) {
        this.mail = mail;
        this.email = email;
    }

    /** Makes the Email what is wanted, if the user may. @return whether it lay where it was said to, and he sees it there still; else nothing is done */
    static boolean make(MailView mail, Email email, Placing to) throws IOException, Refusal {
        return mail.permit().update(email, to) && unasked(mail, email, to);
    }

    /** The same for the server itself, which has to ask nobody. */
    static boolean unasked(MailView mail, Email email, Placing to) throws IOException, Refusal {
        Relocation relocation = new Relocation(mail, email);
        return relocation.whole(() -> relocation.place(to));
    }

    /** Takes it out of all mailboxes, if the user may. @return whether nothing of it is left, of what he sees */
    static boolean destroy(MailView mail, Email email) throws IOException, Refusal {
        if (!mail.permit().destroy(email)) return false;
        Relocation relocation = new Relocation(mail, email);
        return relocation.whole(relocation::removeAll)
                || mail.email(Metadata.id(email)).isEmpty();
    }

    private boolean whole(Change change) throws IOException, Refusal {
        try {
            return change.make();
        } catch (Elsewhere moved) {
            undoing.all(moved);
            return false;
        } catch (IOException | RuntimeException fault) {
            undoing.all(fault);
            throw fault;
        }
    }

    private boolean place(Placing to) throws IOException {
        Turn turn = Turn.of(Metadata.keywords(email), to.keywords());
        Deque<Email.Place> leaving = new ArrayDeque<>(email.places());
        leaving.removeIf(p -> to.mailboxes().contains(p.mailbox()));
        Deque<String> wanted = new ArrayDeque<>(to.mailboxes());
        email.places().forEach(p -> wanted.remove(p.mailbox()));
        while (wanted.size() > leaving.size()) {
            Spot copy = copy(email.places().get(0), mail.mailbox(wanted.pop()));
            flag(copy, email.places().get(0), turn);
        }
        for (Email.Place place : email.places()) flag(spot(place), place, turn);
        while (!wanted.isEmpty()) move(spot(leaving.pop()), mail.mailbox(wanted.pop()));
        if (!leaving.isEmpty()) remove(leaving, to);
        return true;
    }

    /** What stays is looked at once more before anything goes. */
    private void remove(Collection<Email.Place> leaving, Placing to) throws IOException {
        for (Email.Place place : email.places()) if (to.mailboxes().contains(place.mailbox())) kept.add(spot(place));
        for (Spot spot : kept) if (spot.mailbox.entries(spot.uid).isEmpty()) throw new Elsewhere();
        for (Email.Place place : leaving) expunge(place, kept.get(0));
    }

    private boolean removeAll() throws IOException {
        boolean met = true;
        int last = email.places().size() - 1;
        for (Email.Place place : email.places().subList(0, last))
            met &= expunge(place, spot(email.places().get(last)));
        Spot end = spot(email.places().get(last));
        return !end.mailbox.expunge(end.uid).isEmpty() && met;
    }

    /** @return whether it was there @param other a place from which it can be had again */
    private boolean expunge(Email.Place place, Spot other) throws IOException {
        Mailbox mailbox = spot(place).mailbox;
        boolean met = !mailbox.expunge(uid(place)).isEmpty();
        if (met) undoing.add(() -> other.copy(mailbox));
        return met;
    }

    private Spot copy(Email.Place place, Mailbox target) throws IOException {
        Spot copy = spot(target, spot(place).mailbox.copy(uid(place), target, mail.rights(target)));
        undoing.add(() -> copy.mailbox.expunge(copy.uid));
        kept.add(copy);
        return copy;
    }

    private void move(Spot from, Mailbox target) throws IOException {
        Spot moved = spot(target, from.mailbox.move(from.uid, target, mail.rights(target)));
        undoing.add(() -> moved.mailbox.move(moved.uid, from.mailbox));
        kept.add(moved);
    }

    /** What stays as it is is not set again: somebody else may be changing it. @param place whose flags it has */
    private void flag(Spot spot, Email.Place place, Turn turn) throws IOException {
        SortedSet<String> now = Keywords.of(place.entry().flags());
        SortedSet<String> without = less(turn.removed, less(turn.removed, now));
        change(spot, less(turn.added, now), FlagChange.Kind.ADD, FlagChange.Kind.REMOVE);
        change(spot, without, FlagChange.Kind.REMOVE, FlagChange.Kind.ADD);
    }

    private static SortedSet<String> less(SortedSet<String> all, SortedSet<String> without) {
        SortedSet<String> rest = new TreeSet<>(all);
        rest.removeAll(without);
        return rest;
    }

    private void change(Spot spot, SortedSet<String> changed, FlagChange.Kind kind, FlagChange.Kind back)
            throws IOException {
        if (changed.isEmpty()) return;
        Rights rights = mail.rights(spot.mailbox);
        if (store(spot, new FlagChange(kind, Keywords.flags(changed), rights)))
            undoing.add(() -> store(spot, new FlagChange(back, Keywords.flags(changed))));
        else throw new Elsewhere();
    }

    /** @return whether it was there */
    private static boolean store(Spot spot, FlagChange change) throws IOException {
        return !spot.mailbox
                .store(spot.uid, change, OptionalLong.empty())
                .entries()
                .isEmpty();
    }

    private Spot spot(Email.Place place) throws IOException {
        Optional<Mailbox> mailbox = mail.account().mailbox(place.mailbox());
        return new Spot(mailbox.orElseThrow(Elsewhere::new), uid(place));
    }

    private static Spot spot(Mailbox mailbox, Copied copied) throws Elsewhere {
        if (copied.to().isEmpty()) throw new Elsewhere();
        return new Spot(mailbox, UidSet.of(copied.to().get(0)));
    }

    private static UidSet uid(Email.Place place) {
        return UidSet.of(place.entry().uid());
    }
}
