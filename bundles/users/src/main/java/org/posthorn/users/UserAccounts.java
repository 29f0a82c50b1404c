package org.posthorn.users;

import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Accounts;
import org.posthorn.api.users.Credential;
import org.posthorn.api.users.Entrance;
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

        @AttributeDefinition(
                description = "Days that a token (a session of an HTTP client) lives which nobody uses.",
                min = "1",
                max = "3650")
        int tokenIdleDays() default 14;

        @AttributeDefinition(description = "Days that a token lives at most.", min = "1", max = "3650")
        int tokenDays() default 90;

        @AttributeDefinition(
                description = "Tokens of one account; one more ends the one that was not used for longest.",
                min = "1",
                max = "1000")
        int maxTokens() default 50;

        @AttributeDefinition(description = "App passwords of one account.", min = "0", max = "1000")
        int maxAppPasswords() default 50;
    }

    private static final Logger LOG = LoggerFactory.getLogger(UserAccounts.class);

    private final Backends backends;
    private final RoutingSettings routing;
    private final Senders senders;
    private final InventedKeys invented;
    private final Credentials credentials;
    private final VoidLogins voids;
    private final Failures failures;
    private final Judge judge;
    private String nobodys;

    @Activate
    public UserAccounts(
            @Reference Backends backends,
            @Reference RoutingSettings routing,
            @Reference ServerSecret secret,
            @Reference Credentials credentials,
            @Reference VoidLogins voids,
            Config config) {
        this(backends, routing, secret, credentials, voids, Failures.handedDown(delays(config)));
    }

    UserAccounts(
            Backends backends,
            RoutingSettings routing,
            ServerSecret secret,
            Credentials credentials,
            VoidLogins voids,
            Failures failures) {
        this.backends = backends;
        this.routing = routing;
        this.credentials = credentials;
        this.voids = voids;
        this.failures = failures;
        senders = new Senders(backends, routing);
        invented = new InventedKeys(secret);
        judge = new Judge(failures);
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
        return judged(name, account, client, () -> stillGranted(account, password));
    }

    /** A check takes its time, and the password may be another by its end. */
    private Optional<Login.Granted> stillGranted(Optional<Address> account, String password) throws IOException {
        long before = voids.era();
        Optional<Login.Granted> granted = granted(account, password);
        return voids.era() == before || granted.isEmpty() ? granted : granted(account, password);
    }

    /** The app passwords come first, as looking for one takes next to no time; what does not look like one is held against the password alone. */
    private Optional<Login.Granted> granted(Optional<Address> account, String password) throws IOException {
        IOException fault = null;
        try {
            Optional<Credential> app =
                    account.isPresent() ? credentials.appPassword(account.get(), password) : Optional.empty();
            if (app.isPresent()) return Optional.of(new Login.Granted(account.get(), app));
        } catch (IOException e) {
            tell("Whether app passwords are right cannot be told, and only users' own passwords are taken: {}", e);
            fault = e;
        }
        if (right(account, password)) return account.map(Login.Granted::new);
        if (fault != null) throw new Judge.Doubt(fault);
        return Optional.empty();
    }

    /** Once a minute, as who guesses is not to fill the log. */
    private void tell(String what, IOException fault) {
        if (failures.isNews(what)) LOG.warn(what, fault.getMessage());
        else LOG.debug(what, fault.getMessage());
    }

    private boolean right(Optional<Address> account, String password) throws IOException {
        try {
            Optional<Boolean> right = account.isPresent() ? backends.verify(account.get(), password) : Optional.empty();
            if (right.isEmpty()) Passwords.verify(password, nobodys());
            return right.orElse(false);
        } catch (IOException away) {
            // As long as it takes for those who are known, or whoever asks hears who is.
            Passwords.verify(password, nobodys());
            throw new Judge.Away(away);
        }
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
        Optional<ScramKeys> own = own(account);
        try {
            ScramKeys keys = invented.of(key(name, account));
            return own.orElse(keys);
        } catch (IOException e) {
            tell("No keys for SCRAM can be invented, and who asks for nobody's hears that: {}", e);
            if (own.isEmpty()) throw e;
            return own.get();
        }
    }

    @Override
    public Login scramEnded(String name, boolean proved, InetAddress client) throws IOException {
        Optional<Address> account = routing.account(name);
        return judged(name, account, client, () -> proved ? account.map(Login.Granted::new) : unproved(account));
    }

    /** Those of whom it cannot be told whether they have keys get invented ones, and hear so at the end alone. */
    private Optional<ScramKeys> own(Optional<Address> account) {
        try {
            return account.isPresent() ? backends.scram(account.get()) : Optional.empty();
        } catch (IOException away) {
            tell("Not all keys for SCRAM can be read, and some are invented: {}", away);
            return Optional.empty();
        }
    }

    private Optional<Login.Granted> unproved(Optional<Address> account) throws IOException {
        try {
            if (account.isPresent()) backends.scram(account.get());
            return Optional.empty();
        } catch (IOException away) {
            throw new Judge.Away(away);
        }
    }

    private Login judged(String name, Optional<Address> account, InetAddress client, Judge.Check check)
            throws IOException {
        // A name that is no address may be a password, typed into the wrong field.
        String whom = account.map(Address::toString).orElse("somebody whose name is no address");
        return judge.judge(key(name, account), whom, client, check);
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

    @Override
    public List<Address> addresses(Address account) throws IOException {
        return senders.addresses(account);
    }

    @Override
    public Runnable onVoid(Entrance entrance, Runnable ended) {
        return voids.listen(entrance, ended);
    }
}
