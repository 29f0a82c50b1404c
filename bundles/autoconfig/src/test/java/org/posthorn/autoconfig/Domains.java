package org.posthorn.autoconfig;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.User;
import org.posthorn.api.users.UserDirectory;

/** A directory that knows domains, fails a test that asks for anything else, and can be away. */
final class Domains implements UserDirectory {

    private final Set<String> domains;
    volatile boolean away;

    Domains(String... domains) {
        this.domains = Set.of(domains);
    }

    @Override
    public Set<String> domains() throws IOException {
        if (away) throw new IOException("the directory is away");
        return domains;
    }

    @Override
    public Optional<User> user(Address address) {
        throw new AssertionError("who asks must not learn of " + address);
    }

    @Override
    public List<Address> alias(Address address) {
        throw new AssertionError("who asks must not learn of " + address);
    }

    @Override
    public List<Address> catchAll(String domain) {
        throw new AssertionError("nobody needs this");
    }

    @Override
    public List<User> users(String domain) {
        throw new AssertionError("nobody needs this");
    }

    @Override
    public List<Alias> aliases(String domain) {
        throw new AssertionError("nobody needs this");
    }
}
