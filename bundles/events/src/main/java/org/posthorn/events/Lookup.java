package org.posthorn.events;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;

/** Finds stories by what people have in hand. All of it runs on the scribe's thread. */
record Lookup(Scribe scribe, Archive archive) {

    /**
     * What was found.
     *
     * @param stories the newest first
     * @param away why the database could not be asked, so that these are from memory alone; empty when it was
     */
    record Found(List<Told> stories, String away) {}

    /** A queue id, if it is one. */
    static Optional<MailId> id(String word) {
        String upper = word.toUpperCase(Locale.ROOT);
        return MailId.valid(upper) ? Optional.of(new MailId(upper)) : Optional.empty();
    }

    /** @param word a queue id, a Message-ID or an address @param most of them */
    Found find(String word, int most) {
        Optional<MailId> id = id(word);
        return id.isPresent() ? byId(id.get()) : byKeys(keys(word), most);
    }

    /** A Message-ID looks like an address, so both are tried. */
    private static Set<Long> keys(String word) {
        Set<Long> keys = new HashSet<>();
        keys.add(Keys.ofMessageId(word));
        String bare = word.startsWith("<") && word.endsWith(">") ? word.substring(1, word.length() - 1) : word;
        Address.parse(bare).ifPresent(address -> keys.add(Keys.of(address)));
        return keys;
    }

    private Found byId(MailId id) {
        try {
            scribe.flush();
            return found(archive.story(id).stream().toList(), "");
        } catch (IOException e) {
            return found(scribe.drafts().find(id), e.getMessage());
        }
    }

    private Found byKeys(Set<Long> keys, int most) {
        try {
            scribe.flush();
            return found(archive.find(keys, most), "");
        } catch (IOException e) {
            List<Story> newest = new ArrayList<>(scribe.drafts().find(keys));
            newest.sort((a, b) -> b.id().compareTo(a.id()));
            return found(newest.subList(0, Math.min(most, newest.size())), e.getMessage());
        }
    }

    private static Found found(List<Story> stories, String away) {
        return new Found(stories.stream().map(Story::told).toList(), away);
    }
}
