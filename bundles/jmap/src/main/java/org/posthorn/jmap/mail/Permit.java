package org.posthorn.jmap.mail;

import java.io.IOException;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.jmap.Reach;
import org.posthorn.jmap.Refusal;
import org.posthorn.jmap.SetError;

/**
 * What a user may do to Emails by the rights that RFC 8621 2 maps. It is asked before anything is done, since what is refused in the middle would have to be undone with rights that he may
 * not have. Of an Email in several Mailboxes all must permit it: of those that he sees.
 */
record Permit(Reach reach) {

    /** RFC 8621 2, mayReadItems. */
    private static final String READ = "lr";

    /** To put a new Email there. */
    void create(Placing to) throws Refusal, IOException {
        for (String mailbox : to.mailboxes()) enter(mailbox, to.keywords());
    }

    /** To bring one where it is to be. @return false when he does not see all of it any more, and it must be looked for anew */
    boolean update(Email email, Placing to) throws Refusal, IOException {
        if (!sees(email)) return false;
        SortedSet<String> changed = changed(Metadata.keywords(email), to.keywords());
        SortedSet<String> entered = new TreeSet<>(to.mailboxes());
        for (Email.Place place : email.places()) {
            demand(place.mailbox(), forKeywords(changed), "keywords");
            if (!to.mailboxes().contains(place.mailbox())) demand(place.mailbox(), "te", "mailboxIds");
            entered.remove(place.mailbox());
        }
        for (String mailbox : entered) enter(mailbox, to.keywords());
        return true;
    }

    /** To take it out of all of them. @return as {@link #update} */
    boolean destroy(Email email) throws Refusal, IOException {
        if (!sees(email)) return false;
        for (Email.Place place : email.places()) demand(place.mailbox(), "te", "mailboxIds");
        return true;
    }

    /** Still: his rights may be others since it was looked up. */
    private boolean sees(Email email) throws IOException {
        for (Email.Place place : email.places())
            if (!reach.rights(place.mailbox()).hasAll(READ)) return false;
        return true;
    }

    /** What a copy has it is given there. */
    private void enter(String mailbox, Set<String> keywords) throws Refusal, IOException {
        demand(mailbox, "i", "mailboxIds");
        demand(mailbox, forKeywords(keywords), "keywords");
    }

    private void demand(String mailbox, String letters, String property) throws Refusal, IOException {
        Rights rights = reach.rights(mailbox);
        if (rights.hasAll(letters)) return;
        throw new Refusal(SetError.of("forbidden", "You have no right to change " + property + " so"));
    }

    private static String forKeywords(Set<String> keywords) {
        boolean seen = keywords.contains(Metadata.SEEN);
        boolean others = keywords.size() > (seen ? 1 : 0);
        return (seen ? "s" : "") + (others ? "w" : "");
    }

    private static SortedSet<String> changed(Set<String> before, Set<String> after) {
        SortedSet<String> changed = new TreeSet<>(before);
        changed.addAll(after);
        changed.removeIf(keyword -> before.contains(keyword) && after.contains(keyword));
        return changed;
    }
}
