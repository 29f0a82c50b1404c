package org.posthorn.jmap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.Namespaces;
import org.posthorn.api.mailbox.Place;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The accounts of others of which a user may look something up, the public one last: RFC 8620 1.6.2. None is made by asking. */
record Sharing(MailboxStore store, Address user) {

    private static final Logger LOG = LoggerFactory.getLogger(Sharing.class);

    /** All of them. */
    List<Reach> all() throws IOException {
        List<Reach> found = new ArrayList<>();
        for (Address owner : owners()) reach(owner).ifPresent(found::add);
        return found;
    }

    /** The one of that id, if he may look something up there. */
    Optional<Reach> find(String id) throws IOException {
        for (Address owner : owners()) if (Id.account(owner).equals(id)) return reach(owner);
        return Optional.empty();
    }

    /**
     * Those of which he wants to know: he is subscribed to something that he may look up there, RFC 9670 1.4. With full names of these mailboxes as the owner has them. At others nobody
     * looks.
     */
    Map<Reach, SortedSet<String>> subscribed() throws IOException {
        Map<Reach, SortedSet<String>> found = new LinkedHashMap<>();
        Namespaces namespaces = store.namespaces(user);
        List<Address> owners = owners(namespaces);
        // Who has none of his own yet is subscribed to nothing.
        if (owners.isEmpty() || !store.exists(user)) return found;
        Map<String, List<String>> names = store.account(user).subscriptions().stream()
                .filter(Place::isShared)
                .collect(Collectors.groupingBy(Sharing::prefix));
        if (names.isEmpty()) return found;
        for (Address owner : owners) {
            Place top = Place.of(owner, "", namespaces);
            Reach reach = new Reach(store, owner, user);
            SortedSet<String> seen = seen(reach, top, names.getOrDefault(top.prefix(), List.of()));
            if (!seen.isEmpty()) found.put(reach, seen);
        }
        return found;
    }

    /** What stands in front of the names of all mailboxes of one account. */
    private static String prefix(String name) {
        int first = name.indexOf('/') + 1;
        return name.substring(0, name.startsWith(Place.PUBLIC + "/") ? first : name.indexOf('/', first) + 1);
    }

    /** What another one's files are like is no reason to find nobody's. */
    private SortedSet<String> seen(Reach reach, Place top, List<String> names) {
        SortedSet<String> seen = new TreeSet<>();
        try {
            if (names.isEmpty() || !store.exists(reach.owner())) return seen;
            for (String name : names) {
                String full = Subscribed.full(name, top);
                if (reach.rights(full).has('l')) seen.add(full);
            }
        } catch (IOException broken) {
            LOG.warn("What {} shares with {} could not be read: {}", reach.owner(), user, broken.toString());
        }
        return seen;
    }

    private List<Address> owners() throws IOException {
        return owners(store.namespaces(user));
    }

    private static List<Address> owners(Namespaces namespaces) throws IOException {
        List<Address> owners = new ArrayList<>(namespaces.others());
        namespaces.shared().ifPresent(owners::add);
        return owners;
    }

    private Optional<Reach> reach(Address owner) {
        try {
            if (!store.exists(owner)) return Optional.empty();
            Reach reach = new Reach(store, owner, user);
            return reach.isAny() ? Optional.of(reach) : Optional.empty();
        } catch (IOException broken) {
            LOG.warn("What {} shares with {} could not be read: {}", owner, user, broken.toString());
            return Optional.empty();
        }
    }

    /** What people read of that account. */
    String name(Address owner) throws IOException {
        return store.namespaces(user).shared().equals(Optional.of(owner)) ? Place.PUBLIC : owner.toString();
    }
}
