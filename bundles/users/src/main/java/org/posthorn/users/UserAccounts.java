package org.posthorn.users;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
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

        @AttributeDefinition(
                description =
                        "How many logins of one client, or under one name, may fail within a quarter of an hour or be under way before the"
                                + " next password is not even looked at until that delay is over.",
                min = "1",
                max = "100000")
        int tries() default 30;
    }

    private interface Check {
        boolean right() throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(UserAccounts.class);

    private final Backends backends;
    private final RoutingSettings routing;
    private final Senders senders;
    private final InventedKeys invented;
    private final Failures failures;
    private String nobodys;

    @Activate
    public UserAccounts(
            BundleContext context, @Reference Backends backends, @Reference RoutingSettings routing, Config config) {
        this(
                Path.of(context.getProperty("posthorn.data")),
                backends,
                routing,
                new Failures(Failures.Records.handedDown(), System::nanoTime, delays(config)));
    }

    UserAccounts(Path data, Backends backends, RoutingSettings routing, Failures failures) {
        this.backends = backends;
        this.routing = routing;
        senders = new Senders(backends, routing);
        invented = new InventedKeys(data.resolve("users/secret"), new SecureRandom());
        this.failures = failures;
    }

    @Modified
    void modified(Config changed) {
        failures.delays(delays(changed));
    }

    static Delays delays(Config config) {
        int longest = Math.max(config.loginDelay(), config.maxDelay());
        return new Delays(Duration.ofMillis(config.loginDelay()), Duration.ofMillis(longest), config.tries());
    }

    @Override
    public Login login(String name, String password, InetAddress client) throws IOException {
        Optional<Address> account = routing.account(name);
        return judged(name, account, client, () -> {
            Optional<Boolean> right = account.isPresent() ? backends.verify(account.get(), password) : Optional.empty();
            if (right.isEmpty()) Passwords.verify(password, nobodys());
            return right.orElse(false);
        });
    }

    /** What takes as long to check as the password of somebody. */
    private synchronized String nobodys() throws IOException {
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
    public Login scramEnded(String name, boolean proved, InetAddress client) throws IOException {
        return judged(name, routing.account(name), client, () -> proved);
    }

    private Login judged(String name, Optional<Address> account, InetAddress client, Check check) throws IOException {
        String key = key(name, account);
        Optional<Failures.Guess> begun = failures.begin(key, client);
        if (begun.isEmpty()) return putOff(key, client);
        try (Failures.Guess guess = begun.get()) {
            return judged(guess, account, check.right(), client);
        }
    }

    private Login putOff(String key, InetAddress client) {
        String what = "Too many logins from {}, or under the name that it gives, have failed of late; it is put off";
        if (failures.isNews(client)) LOG.warn(what, client.getHostAddress());
        else LOG.debug(what, client.getHostAddress());
        return new Login.PutOff(failures.left(key, client));
    }

    private static Login judged(Failures.Guess guess, Optional<Address> account, boolean right, InetAddress client) {
        if (right && account.isPresent()) {
            guess.succeeded();
            return new Login.Granted(account.get());
        }
        int count = guess.failed();
        // A name that is no address may be a password, typed into the wrong field.
        LOG.info(
                "Login as {} from {} denied, failure {} in a row",
                account.map(Address::toString).orElse("somebody whose name is no address"),
                client.getHostAddress(),
                count);
        return new Login.Denied(guess.pause(count));
    }

    private static String key(String name, Optional<Address> account) {
        if (account.isPresent()) return account.get().toString();
        // What is longer than any name is not worth remembering one by one.
        return name.length() <= Address.LONGEST ? name.toLowerCase(Locale.ROOT) : "";
    }

    @Override
    public boolean maySend(Address account, Address sender) throws IOException {
        return senders.maySend(account, sender);
    }
}
