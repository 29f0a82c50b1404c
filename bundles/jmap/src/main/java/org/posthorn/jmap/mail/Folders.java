package org.posthorn.jmap.mail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Emails;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.Reach;
import org.posthorn.jmap.Subscribed;

/** The Mailboxes of an account as they are at one moment: names with dots between levels become a tree. For one thread. */
final class Folders {

    private final Reach reach;
    private final Emails emails;
    private final Emails counted;
    private final String sight;
    private final String state;
    private final Subscribed subscribed;
    private final Map<String, Folder> byId = new LinkedHashMap<>();

    private Folders(Reach reach) throws IOException {
        this.reach = reach;
        this.emails = reach.emails();
        this.subscribed = Subscribed.of(reach);
        this.counted = reach.isOwn() ? reach.all() : emails;
        // Before all else: what comes in between is told once more.
        long now = counted.state();
        SortedMap<String, String> ids = reach.lookedUp().mailboxes();
        Set<String> names = subscribed.names();
        for (Listed listed : reach.mailboxes())
            if (ids.containsKey(listed.name())) add(listed, ids, names.contains(listed.name()));
        sight = reach.isOwn()
                ? ""
                : Reach.sight(byId.values().stream().map(Folder::toString).toList());
        state = now + sight;
    }

    static Folders of(Context context, Address owner) throws IOException, MethodFault {
        return new Folders(context.reach(owner));
    }

    /** A level above that is no mailbox itself, or none for the user, is a part of the names below it. */
    private void add(Listed listed, Map<String, String> ids, boolean isSubscribed) throws IOException {
        String path = listed.name();
        int dot = path.lastIndexOf('.');
        while (dot >= 0 && !ids.containsKey(path.substring(0, dot))) dot = path.lastIndexOf('.', dot - 1);
        String parent = dot < 0 ? "" : ids.get(path.substring(0, dot));
        String name = dot < 0 ? Folder.name(path) : path.substring(dot + 1);
        String id = ids.get(path);
        OptionalInt order = new MailboxNotes(reach).order(listed);
        byId.put(id, new Folder(id, path, parent, name, isSubscribed, listed.use(), order, reach.rights(path)));
    }

    Reach reach() {
        return reach;
    }

    Account account() throws IOException {
        return reach.account();
    }

    Subscribed subscribed() {
        return subscribed;
    }

    /** Those that may be read. */
    Emails emails() {
        return emails;
    }

    /** Those of which the state tells: in an account of others what comes to what he may read. */
    Emails counted() {
        return counted;
    }

    /** With which states end: in an account of others all that he sees of its Mailboxes but their counts. What is his own the account itself tells of. */
    String sight() {
        return sight;
    }

    String state() {
        return state;
    }

    Collection<Folder> all() {
        return byId.values();
    }

    Optional<Folder> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    List<Folder> below(String id) {
        List<Folder> below = new ArrayList<>(byId.values());
        below.removeIf(f -> !f.parent().equals(id));
        return below;
    }
}
