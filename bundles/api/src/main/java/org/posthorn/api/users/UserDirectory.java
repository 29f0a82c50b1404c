package org.posthorn.api.users;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;
import org.posthorn.api.mail.Address;

/** Knows domains, users and aliases. Several stand side by side: what one does not know, the next may. Addresses are compared folded. */
@ConsumerType
public interface UserDirectory {

    /** The domains that this directory is about, in lower case. */
    Set<String> domains() throws IOException;

    /** The user whose account it is; aliases are not looked at. */
    Optional<User> user(Address address) throws IOException;

    /** Where an alias leads; empty when there is none. A catch-all is the alias of {@code @domain}, asked for by {@link #catchAll}. */
    List<Address> alias(Address address) throws IOException;

    /** Where mail for unknown names of a domain goes; empty when it is refused. */
    List<Address> catchAll(String domain) throws IOException;

    /** All users of a domain, by name. */
    List<User> users(String domain) throws IOException;

    /** All aliases of a domain, by name. */
    List<Alias> aliases(String domain) throws IOException;

    /** @param name the local part; empty for the catch-all */
    record Alias(String name, String domain, List<Address> targets) {}
}
