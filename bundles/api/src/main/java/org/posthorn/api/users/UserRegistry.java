package org.posthorn.api.users;

import java.io.IOException;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;
import org.posthorn.api.mail.Address;

/**
 * A directory that commands can change. What cannot be done (no such domain, exists already) is an IllegalArgumentException whose message
 * is for the administrator; what is done is durable when the call returns.
 */
@ConsumerType
public interface UserRegistry {

    void addDomain(String domain) throws IOException;

    /** Only when it has no users and no aliases. */
    void removeDomain(String domain) throws IOException;

    void addUser(Address address, String password) throws IOException;

    /** The account is gone; its mail stays on the shelf. */
    void removeUser(Address address) throws IOException;

    void password(Address address, String password) throws IOException;

    /** Adds or replaces. @param name the local part; empty for a catch-all */
    void alias(String name, String domain, List<Address> targets) throws IOException;

    void removeAlias(String name, String domain) throws IOException;
}
