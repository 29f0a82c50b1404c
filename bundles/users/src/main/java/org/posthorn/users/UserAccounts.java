package org.posthorn.users;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Accounts;
import org.posthorn.api.users.Login;
import org.posthorn.api.users.ScramKeys;
import org.posthorn.sasl.PasswordScheme;
import org.posthorn.sasl.Passwords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logins, of whatever backend knows the user. */
@Component(immediate = true, service = Accounts.class, configurationPid = "org.posthorn.users")
@Designate(ocd = UserAccounts.Config.class)
public final class UserAccounts implements Accounts {

    @ObjectClassDefinition(name = "Logins")
    @interface Config {
        @AttributeDefinition(
                description =
                        "How many milliseconds after it was asked for a login is denied for the first time; each further"
                                + " failure of that client or name doubles it. 0 for no delay.",
                min = "0",
                max = "60000")
        int loginDelay() default 1000;

        @AttributeDefinition(description = "The longest such delay, in milliseconds.", min = "0", max = "600000")
        int maxDelay() default 30000;
    }

    private static final Logger LOG = LoggerFactory.getLogger(UserAccounts.class);

    private final Backends backends;
    private final RoutingSettings routing;
    private final Senders senders;
    private final InventedKeys invented;
    private final Failures failures;
    private final LongSupplier nanoTime;
    private volatile Config config;
    private String nobodys;

    @Activate
    public UserAccounts(
            BundleContext context, @Reference Backends backends, @Reference RoutingSettings routing, Config config) {
        this(Path.of(context.getProperty("posthorn.data")), backends, routing, config, System::nanoTime);
    }

    UserAccounts(Path data, Backends backends, RoutingSettings routing, Config config, LongSupplier nanoTime) {
        this.backends = backends;
        this.routing = routing;
        this.nanoTime = nanoTime;
        this.config = config;
        senders = new Senders(backends, routing);
        invented = new InventedKeys(data.resolve("users/secret"), new SecureRandom());
        failures = new Failures(nanoTime);
    }

    @Modified
    void modified(Config changed) {
        config = changed;
    }

    @Override
    public Login login(String name, String password, InetAddress client) throws IOException {
        long asked = nanoTime.getAsLong();
        Optional<Address> account = routing.account(name);
        Optional<Boolean> right = account.isPresent() ? backends.verify(account.get(), password) : Optional.empty();
        if (right.isEmpty()) Passwords.verify(password, nobodys());
        return judged(name, account, right.orElse(false), client, asked);
    }

    /** What takes as long to check as the password of somebody. */
    private synchronized String nobodys() {
        SecureRandom random = new SecureRandom();
        if (nobodys == null)
            nobodys = new Passwords(random).hash(Long.toString(random.nextLong()), PasswordScheme.ARGON2ID);
        return nobodys;
    }

    @Override
    public ScramKeys scram(String name) throws IOException {
        Optional<Address> account = routing.account(name);
        // The invented ones are made in any case, because that takes time.
        ScramKeys keys = invented.of(key(name, account));
        return account.isPresent() ? backends.scram(account.get()).orElse(keys) : keys;
    }

    @Override
    public Login scramEnded(String name, boolean proved, InetAddress client) {
        return judged(name, routing.account(name), proved, client, nanoTime.getAsLong());
    }

    private Login judged(String name, Optional<Address> account, boolean right, InetAddress client, long asked) {
        if (right && account.isPresent()) {
            failures.succeeded(account.get().toString());
            return new Login.Granted(account.get());
        }
        int count = failures.failed(key(name, account), client);
        Duration pause = pause(count, asked);
        // A name that is no address may be a password, typed into the wrong field.
        LOG.info(
                "Login as {} from {} denied, failure {} in a row",
                account.map(Address::toString).orElse("somebody whose name is no address"),
                client.getHostAddress(),
                count);
        return new Login.Denied(pause);
    }

    private static String key(String name, Optional<Address> account) {
        if (account.isPresent()) return account.get().toString();
        // What is longer than any name is not worth remembering one by one.
        return name.length() <= Address.LONGEST ? name.toLowerCase(Locale.ROOT) : "";
    }

    /** Counted from when the login was asked for, so that it does not tell how long the check took. */
    private Duration pause(int count, long asked) {
        Config now = config;
        long longest = Math.max(now.loginDelay(), now.maxDelay());
        long delay = Math.min(longest, (long) now.loginDelay() << Math.min(count - 1, 20));
        Duration left = Duration.ofMillis(delay).minusNanos(nanoTime.getAsLong() - asked);
        return left.isNegative() ? Duration.ZERO : left;
    }

    @Override
    public boolean maySend(Address account, Address sender) throws IOException {
        return senders.maySend(account, sender);
    }
}
