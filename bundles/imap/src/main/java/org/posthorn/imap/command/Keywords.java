package org.posthorn.imap.command;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Realm;
import org.posthorn.imap.Selection;

/** Sees to it that a mailbox does not come to hold keywords without end: each session that selects it is told all of them. */
final class Keywords {

    private Keywords() {}

    /**
     * Why the mailbox cannot take these, if it cannot; the mailbox is read only for what it was not known to have. Who has no right to set any sets none, and
     * who may not read it is told nothing but how many there are.
     */
    static Optional<Answer> refusal(Mailbox mailbox, Collection<String> more, Optional<Selection> selected)
            throws IOException {
        boolean known = selected.filter(s -> s.name().equals(mailbox.name()) && s.knows(more))
                .isPresent();
        if (more.isEmpty() || known || !mailbox.rights().has('w')) return Optional.empty();
        Set<String> all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        all.addAll(Realm.whole(mailbox).roll().keywords());
        int before = all.size();
        all.addAll(more);
        boolean fits = all.size() == before || all.size() <= Selection.MOST_KEYWORDS;
        return fits
                ? Optional.empty()
                : Optional.of(Answer.no("[LIMIT] A mailbox has room for " + Selection.MOST_KEYWORDS
                        + " keywords, and it has " + before));
    }

    static Set<String> of(List<Entry> entries) {
        Set<String> all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (Entry e : entries)
            if (!e.flags().keywords().isEmpty()) all.addAll(e.flags().keywords());
        return all;
    }
}
