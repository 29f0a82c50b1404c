package org.posthorn.mailbox;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.AccessList;
import org.posthorn.api.mailbox.Namespaces;

/** What a user may find. @param shared the public account, unless that is himself */
record UserNamespaces(Grants grants, Address user, Optional<Address> shared) implements Namespaces {

    @Override
    public List<Address> others() throws IOException {
        Set<Address> others = new LinkedHashSet<>(grants.owners(AccessList.identifier(user)));
        others.addAll(grants.owners(AccessList.ANYONE));
        return others.stream().filter(this::isOther).limit(Grants.MOST).toList();
    }

    @Override
    public boolean hasOther(Address owner) {
        return isOther(owner.folded())
                && (grants.has(AccessList.identifier(user), owner) || grants.has(AccessList.ANYONE, owner));
    }

    private boolean isOther(Address owner) {
        return !owner.equals(user.folded()) && !shared.equals(Optional.of(owner));
    }
}
