package org.posthorn.routing;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.User;
import org.posthorn.api.users.UserDirectory;

/** A directory in a few maps; may be broken, so that it knows no users. */
final class FakeDirectory implements UserDirectory {

    private final Set<String> domains = new HashSet<>();
    private final Set<Address> users = new HashSet<>();
    private final Map<String, List<Address>> aliases = new HashMap<>();
    private boolean broken;

    FakeDirectory domain(String domain) {
        domains.add(domain);
        return this;
    }

    FakeDirectory user(String address) {
        users.add(Address.of(address));
        return this;
    }

    FakeDirectory alias(String name, String... targets) {
        aliases.put(name, Stream.of(targets).map(Address::of).toList());
        return this;
    }

    FakeDirectory broken() {
        broken = true;
        return this;
    }

    @Override
    public Set<String> domains() throws IOException {
        if (broken) throw new IOException("the database is away");
        return domains;
    }

    @Override
    public Optional<User> user(Address address) throws IOException {
        if (broken) throw new IOException("the database is away");
        return users.contains(address) ? Optional.of(new User(address, true)) : Optional.empty();
    }

    @Override
    public List<Address> alias(Address address) {
        return aliases.getOrDefault(address.toString(), List.of());
    }

    @Override
    public List<Address> catchAll(String domain) {
        return aliases.getOrDefault("@" + domain, List.of());
    }

    @Override
    public List<User> users(String domain) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Alias> aliases(String domain) {
        throw new UnsupportedOperationException();
    }
}
