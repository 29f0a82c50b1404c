package org.posthorn.jmap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    private List<Address> owners() throws IOException {
        Namespaces namespaces = store.namespaces(user);
        List<Address> owners = new ArrayList<>(namespaces.others());
        namespaces.shared().ifPresent(owners::add);
        return owners;
    }

    /** What another one's files are like is no reason to find nobody's. */
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
