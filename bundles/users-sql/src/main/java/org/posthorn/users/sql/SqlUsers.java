package org.posthorn.users.sql;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Authenticator;
import org.posthorn.api.users.ScramKeys;
import org.posthorn.api.users.User;
import org.posthorn.api.users.UserDirectory;
import org.posthorn.api.users.UserRegistry;
import org.posthorn.sasl.PasswordMemory;
import org.posthorn.sasl.PasswordScheme;
import org.posthorn.sasl.Passwords;
import org.posthorn.sql.Database;

/**
 * Users in whatever database there is. The services are there without one, and then fail: a directory that is merely gone would make its
 * addresses look foreign, and mail for them be refused for good.
 */
@Component(
        service = {UserDirectory.class, UserRegistry.class, Authenticator.class},
        configurationPid = "org.posthorn.users.sql",
        property = "name=sql")
@Designate(ocd = SqlUsers.Config.class)
public final class SqlUsers implements UserDirectory, UserRegistry, Authenticator {

    @ObjectClassDefinition(name = "Users in the database")
    @interface Config {
        @AttributeDefinition(
                description = "How new passwords are kept.",
                options = {@Option("ARGON2ID"), @Option("BLF-CRYPT"), @Option("SHA512-CRYPT")})
        String scheme() default "ARGON2ID";

        @AttributeDefinition(
                description =
                        "For how many seconds a password that was right is remembered, as a hash in memory; 0 for not"
                                + " at all.",
                min = "0",
                max = "86400")
        int rememberLogins() default 300;
    }

    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Database database = new Database(Directory.TABLES, GRACE);
    private final Directory directory = new Directory(database, System::nanoTime);
    private final SecureRandom random = new SecureRandom();
    /** Where it is told that the database is one that was begun since another was found damaged. */
    private volatile Optional<String> lost = Optional.empty();

    private volatile UserRegistry registry;
    private volatile Authenticator authenticator;

    @Activate
    public SqlUsers(Config config) {
        modified(config);
    }

    @Modified
    void modified(Config config) {
        PasswordScheme scheme = PasswordScheme.of(config.scheme()).orElseThrow();
        registry = new Registry(database, directory, new Passwords(random), scheme);
        Duration remember = Duration.ofSeconds(config.rememberLogins());
        authenticator =
                new SqlAuthenticator(directory, PasswordMemory.handedDown("sql", random, remember, System::nanoTime));
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addSource(DataSource source, Map<String, ?> properties) {
        // Before: who waits for a database goes on at once.
        lost = Optional.ofNullable(properties.get("lost")).map(Object::toString);
        database.add(source, properties);
        directory.forget();
    }

    /** Mail for users who were lost with a damaged database must wait, and not be refused for good. */
    private Directory unlessLost() throws IOException {
        // In this order: the first waits for the database, and that tells the second.
        if (directory.domains().isEmpty() && lost.isPresent())
            throw new IOException("the users were lost with the database, see " + lost.get());
        return directory;
    }

    void removeSource(DataSource source) {
        database.remove(source);
        directory.forget();
    }

    @Override
    public Set<String> domains() throws IOException {
        return unlessLost().domains();
    }

    @Override
    public Optional<User> user(Address address) throws IOException {
        Optional<User> user = directory.user(address);
        // Nobody of a domain that another directory has as well is a stranger, nor another's catch-all to be asked.
        if (user.isEmpty()) unlessLost();
        return user;
    }

    @Override
    public List<Address> alias(Address address) throws IOException {
        return directory.alias(address);
    }

    @Override
    public List<Address> catchAll(String domain) throws IOException {
        return directory.catchAll(domain);
    }

    @Override
    public List<User> users(String domain) throws IOException {
        return directory.users(domain);
    }

    @Override
    public List<Alias> aliases(String domain) throws IOException {
        return directory.aliases(domain);
    }

    @Override
    public Optional<Boolean> verify(Address user, String password) throws IOException {
        unlessLost();
        return authenticator.verify(user, password);
    }

    @Override
    public Optional<ScramKeys> scram(Address user) throws IOException {
        unlessLost();
        return authenticator.scram(user);
    }

    @Override
    public Optional<String> fingerprint(Address user) throws IOException {
        unlessLost();
        return authenticator.fingerprint(user);
    }

    @Override
    public void addDomain(String domain) throws IOException {
        registry.addDomain(domain);
    }

    @Override
    public void removeDomain(String domain) throws IOException {
        registry.removeDomain(domain);
    }

    @Override
    public void addUser(Address address, String password) throws IOException {
        registry.addUser(address, password);
    }

    @Override
    public void removeUser(Address address) throws IOException {
        registry.removeUser(address);
    }

    @Override
    public void password(Address address, String password) throws IOException {
        registry.password(address, password);
    }

    @Override
    public void alias(String name, String domain, List<Address> targets) throws IOException {
        registry.alias(name, domain, targets);
    }

    @Override
    public void removeAlias(String name, String domain) throws IOException {
        registry.removeAlias(name, domain);
    }
}
