package org.posthorn.imap;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.posthorn.api.mailbox.Annotations;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.Place;
import org.posthorn.api.mailbox.Rights;

/** What is noted of all mailboxes that a user finds. Of others' it is what all who find them see: private entries are those of one's own mailboxes. */
record RealmAnnotations(Realm realm) implements Annotations {

    /** One of these, and the right to look the mailbox up, RFC 5464 3.3. */
    private static final String USED = "rswip";

    private Annotations own() throws IOException {
        return realm.store().annotations(realm.user());
    }

    private Annotations of(Place place) throws IOException {
        return realm.store().annotations(place.owner());
    }

    @Override
    public SortedMap<String, String> of(String mailbox) throws IOException {
        if (!Place.isShared(mailbox)) return own().of(mailbox);
        Place place = used(mailbox, Rights.NONE);
        return shared(of(place).of(place.name()));
    }

    @Override
    public SortedMap<String, String> of(Listed mailbox) throws IOException {
        if (Levels.separator(mailbox.name()) == '.') return own().of(mailbox);
        return mailbox.selectable() ? of(mailbox.name()) : new TreeMap<>();
    }

    /** Where it lies, if he may use it, and has those rights. */
    private Place used(String mailbox, Rights more) throws IOException {
        Rights rights = realm.mailbox(mailbox).orElseThrow(Operation::missing).rights();
        Operation.LIST.demand(rights);
        if (!rights.hasAny(USED) || !rights.hasAll(more.letters())) throw Operation.refused();
        return realm.place(mailbox).orElseThrow(Operation::missing);
    }

    private static SortedMap<String, String> shared(SortedMap<String, String> all) {
        SortedMap<String, String> shared = new TreeMap<>(all);
        shared.keySet().removeIf(entry -> !entry.startsWith("/shared/"));
        return shared;
    }

    /** Entries of others' mailboxes must be shared ones. */
    @Override
    public long set(String mailbox, Map<String, Optional<String>> values) throws IOException {
        if (!Place.isShared(mailbox)) return own().set(mailbox, values);
        Place place = used(mailbox, new Rights("w"));
        if (values.keySet().stream().anyMatch(entry -> !entry.startsWith("/shared/"))) throw Operation.refused();
        return of(place).set(place.name(), values);
    }

    /** Of his own mailboxes. */
    @Override
    public List<Change> since(long modSeq) throws IOException {
        return own().since(modSeq);
    }
}
