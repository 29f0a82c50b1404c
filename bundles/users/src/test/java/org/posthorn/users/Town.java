package org.posthorn.users;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Authenticator;
import org.posthorn.api.users.ScramKeys;
import org.posthorn.api.users.User;
import org.posthorn.api.users.UserDirectory;
import org.posthorn.api.users.UserRegistry;
import org.posthorn.sasl.Passwords;

/** A backend in memory, with passwords in clear. */
final class Town implements UserDirectory, UserRegistry, Authenticator {

    final Set<String> domains = new TreeSet<>();
    final Map<Address, String> passwords = new LinkedHashMap<>();
    final Map<String, Alias> aliases = new TreeMap<>();
    final Set<Address> locked = new HashSet<>();
    private int made;
    /** Whose password's changes it does not tell. */
    final Set<Address> markless = new HashSet<>();

    boolean broken;
    Runnable checking = () -> {};
    /** Hears whose fingerprint has been read, before it is told. */
    Consumer<Address> reading = a -> {};

    static Backends backends(Town... towns) {
        Backends backends = new Backends();
        for (int i = 0; i < towns.length; i++) {
            Map<String, Object> properties = Map.of("name", "town" + i, "service.ranking", -i);
            backends.addDirectory(towns[i], properties);
            backends.addAuthenticator(towns[i], properties);
            backends.addRegistry(towns[i], properties);
        }
        return backends;
    }

    static RoutingSettings routing() {
        return new RoutingSettings(new RoutingSettings.Config() {
            @Override
            public String defaultDomain() {
                return "Example.Test";
            }

            @Override
            public String detailSeparator() {
                return "+";
            }

            @Override
            public String postmaster() {
                return "";
            }

            @Override
            public Class<? extends java.lang.annotation.Annotation> annotationType() {
                return RoutingSettings.Config.class;
            }
        });
    }

    private void work() throws IOException {
        if (broken) throw new IOException("the town is closed");
    }

    @Override
    public Set<String> domains() throws IOException {
        work();
        return domains;
    }

    @Override
    public Optional<User> user(Address address) throws IOException {
        work();
        return passwords.containsKey(address) ? Optional.of(new User(address, true)) : Optional.empty();
    }

    @Override
    public List<Address> alias(Address address) throws IOException {
        work();
        Alias alias = aliases.get(address.localPart() + "@" + address.domain());
        return alias == null ? List.of() : alias.targets();
    }

    @Override
    public List<Address> catchAll(String domain) throws IOException {
        work();
        Alias alias = aliases.get("@" + domain);
        return alias == null ? List.of() : alias.targets();
    }

    @Override
    public List<User> users(String domain) {
        return passwords.keySet().stream()
                .filter(a -> a.domain().equals(domain))
                .map(a -> new User(a, true))
                .toList();
    }

    @Override
    public List<Alias> aliases(String domain) {
        List<Alias> all = new ArrayList<>(aliases.values());
        all.removeIf(a -> !a.domain().equals(domain));
        return all;
    }

    @Override
    public Optional<Boolean> verify(Address user, String password) throws IOException {
        work();
        checking.run();
        return Optional.ofNullable(passwords.get(user)).map(password::equals);
    }

    @Override
    public Optional<ScramKeys> scram(Address user) throws IOException {
        work();
        return Optional.ofNullable(passwords.get(user))
                .map(p -> new ScramKeys(new byte[] {1}, Passwords.SCRAM_ITERATIONS, new byte[32], new byte[32]));
    }

    @Override
    public Optional<String> fingerprint(Address user) throws IOException {
        work();
        if (markless.contains(user)) return Optional.empty();
        String password = passwords.get(user);
        reading.accept(user);
        return Optional.ofNullable(password).map(p -> locked.contains(user) ? "" : made + p);
    }

    @Override
    public void addDomain(String domain) {
        domains.add(domain);
    }

    @Override
    public void removeDomain(String domain) {
        domains.remove(domain);
    }

    @Override
    public void addUser(Address address, String password) throws IOException {
        work();
        made++;
        if (passwords.putIfAbsent(address, password) != null) throw new IllegalArgumentException("there already");
    }

    @Override
    public void removeUser(Address address) {
        passwords.remove(address);
    }

    @Override
    public void password(Address address, String password) {
        passwords.put(address, password);
    }

    @Override
    public void alias(String name, String domain, List<Address> targets) {
        aliases.put(name + "@" + domain, new Alias(name, domain, targets));
    }

    @Override
    public void removeAlias(String name, String domain) {
        aliases.remove(name + "@" + domain);
    }
}
