package org.posthorn.routing;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.User;
import org.posthorn.api.users.UserDirectory;

/** The user directories as one: what one does not know, the next may. */
record Directories(List<UserDirectory> each) {

    boolean local(String domain) throws IOException {
        for (UserDirectory directory : each) if (directory.domains().contains(domain)) return true;
        return false;
    }

    Optional<Address> user(Address address) throws IOException {
        for (UserDirectory directory : each) {
            Optional<User> user = directory.user(address);
            if (user.isPresent()) return user.map(User::address);
        }
        return Optional.empty();
    }

    List<Address> alias(Address address) throws IOException {
        for (UserDirectory directory : each) {
            List<Address> targets = directory.alias(address);
            if (!targets.isEmpty()) return targets;
        }
        return List.of();
    }

    List<Address> catchAll(String domain) throws IOException {
        for (UserDirectory directory : each) {
            List<Address> targets = directory.catchAll(domain);
            if (!targets.isEmpty()) return targets;
        }
        return List.of();
    }
}
