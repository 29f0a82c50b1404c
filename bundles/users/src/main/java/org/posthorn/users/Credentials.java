package org.posthorn.users;

import java.io.IOException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Credential;
import org.posthorn.api.users.Credential.Kind;
import org.posthorn.api.users.Issued;
import org.posthorn.api.users.Login;
import org.posthorn.api.users.User;
import org.posthorn.sql.Database;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens and app passwords, in whatever database there is. Nothing of them is remembered in memory, so what is revoked is gone with the call that says so. A secret is found by a
 * keyed hash: it is random and long, so nobody guesses at it, and no slow hash is needed. Safe for several threads.
 */
@Component(service = Credentials.class, configurationPid = "org.posthorn.users")
public final class Credentials {

    private static final Logger LOG = LoggerFactory.getLogger(Credentials.class);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final int TOKEN_OCTETS = 32;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{43}");

    private final Database database = new Database(CredentialTable.TABLES, GRACE);
    private final SecureRandom random = new SecureRandom();
    private final Backends backends;
    private final ServerSecret secret;
    private final Clock clock;
    private volatile Terms terms;
    private volatile BiConsumer<Address, Set<String>> listener = (account, ids) -> {};

    @Activate
    public Credentials(@Reference Backends backends, @Reference ServerSecret secret, UserAccounts.Config config) {
        this(backends, secret, terms(config), Clock.systemUTC());
    }

    Credentials(Backends backends, ServerSecret secret, Terms terms, Clock clock) {
        this.backends = backends;
        this.secret = secret;
        this.terms = terms;
        this.clock = clock;
    }

    /** Has one told what was revoked, of which account and by which ids, when that is durable; it waits for nothing. */
    void onRevoked(BiConsumer<Address, Set<String>> told) {
        listener = told;
    }

    @Modified
    void modified(UserAccounts.Config config) {
        terms = terms(config);
    }

    private static Terms terms(UserAccounts.Config config) {
        return new Terms(
                Duration.ofDays(config.tokenIdleDays()),
                Duration.ofDays(config.tokenDays()),
                config.maxTokens(),
                config.maxAppPasswords());
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addSource(DataSource source, Map<String, ?> properties) {
        database.add(source, properties);
    }

    void removeSource(DataSource source) {
        database.remove(source);
    }

    /** Whose token it is; empty when it is none that is valid. */
    Optional<Credential> token(String token) throws IOException {
        return TOKEN.matcher(token).matches() ? valid(hash(Kind.TOKEN, "", token)) : Optional.empty();
    }

    /** Which app password of the account it is; empty when it is none. What does not look like one is not looked for. */
    Optional<Credential> appPassword(Address account, String password) throws IOException {
        Optional<String> letters = GeneratedPassword.lettersOfApp(password);
        return letters.isEmpty()
                ? Optional.empty()
                : valid(hash(Kind.APP_PASSWORD, account.folded().toString(), letters.get()));
    }

    private Optional<Credential> valid(String hash) throws IOException {
        Optional<CredentialTable.Row> found = database.ask(c -> new CredentialTable(c).find(hash));
        if (found.isEmpty() || !holds(found.get())) return Optional.empty();
        noteUse(found.get());
        return Optional.of(found.get().credential(terms));
    }

    /** The end has not come, and the password is the one that it was. */
    private boolean holds(CredentialTable.Row row) throws IOException {
        return !row.over(terms, clock.instant())
                && stands(row.account(), row.mark()).isPresent();
    }

    /** Empty when another password is in force than that of the mark, or none. @return whether no directory may know better */
    private Optional<Boolean> stands(Address account, String mark) throws IOException {
        Backends.Answer<String> now = backends.fingerprint(account);
        if (hashed(account, now).filter(mark::equals).isPresent()) return Optional.of(now.sure());
        if (!now.sure()) throw Backends.away(account);
        return Optional.empty();
    }

    /** Once a minute at most, as programs log in all the time. */
    private void noteUse(CredentialTable.Row row) {
        long minute = clock.instant().truncatedTo(ChronoUnit.MINUTES).getEpochSecond();
        long when = Math.max(minute, row.created());
        if (when <= row.lastUsed()) return;
        try {
            database.ask(c -> {
                new CredentialTable(c).used(row.hash(), when);
                return null;
            });
        } catch (IOException e) {
            LOG.warn("The login of {} goes on, but when it was is not noted: {}", row.account(), e.getMessage());
        }
    }

    /** For whoever may issue without a login. @return empty when there are as many app passwords as may be */
    Optional<Issued> issue(Address owner, Kind kind, String wanted) throws IOException {
        return issue(new Login.Granted(owner), mark(owner), kind, wanted);
    }

    /** @return empty when there are as many app passwords as may be */
    Optional<Issued> issue(Login.Granted login, String mark, Kind kind, String wanted) throws IOException {
        String name = name(wanted);
        Address account = login.account().folded();
        String made = kind == Kind.TOKEN ? freshToken() : GeneratedPassword.forApp(random);
        Instant now = clock.instant();
        CredentialTable.Row row = new CredentialTable.Row(
                kind == Kind.TOKEN ? hash(kind, "", made) : hash(kind, account.toString(), made.replace("-", "")),
                GeneratedPassword.id(random),
                kind,
                account,
                name,
                now.getEpochSecond(),
                kind == Kind.TOKEN ? now.getEpochSecond() : 0,
                mark);
        Optional<Set<String>> gone = add(row, login.by(), now);
        gone.filter(ids -> !ids.isEmpty()).ifPresent(ids -> listener.accept(account, ids));
        return gone.map(ids -> new Issued(row.credential(terms), made));
    }

    private String freshToken() {
        byte[] octets = new byte[TOKEN_OCTETS];
        random.nextBytes(octets);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    /** Tells what went to make room; empty when there is none, and it is not added. One at a time, or two could both be the last that there is room for; and nothing is revoked between the look at what it was asked by and the commit. */
    private synchronized Optional<Set<String>> add(CredentialTable.Row row, Optional<Credential> by, Instant now)
            throws IOException {
        Terms terms = this.terms;
        boolean sure = stands(row.account(), row.mark())
                .orElseThrow(() -> new IllegalArgumentException(
                        "the password of " + row.account() + " was changed meanwhile; log in again"));
        return database.change(c -> {
            CredentialTable table = new CredentialTable(c);
            if (by.isPresent() && !table.has(by.get()))
                throw new IllegalArgumentException("the session has ended meanwhile; log in again");
            table.removeOld(
                    now.minus(terms.life()).getEpochSecond(),
                    now.minus(terms.idle()).getEpochSecond());
            if (sure) table.removeVoid(row.account(), row.mark());
            List<CredentialTable.Row> there = table.of(row.account(), row.kind());
            int over = Math.max(0, there.size() + 1 - terms.most(row.kind()));
            if (over > 0 && row.kind() == Kind.APP_PASSWORD) return Optional.empty();
            Set<String> gone = there.stream()
                    .sorted(Comparator.comparingLong(CredentialTable.Row::lastUsed))
                    .limit(over)
                    .map(CredentialTable.Row::id)
                    .collect(Collectors.toSet());
            for (String id : gone) table.remove(row.account(), row.kind(), id);
            table.add(row);
            return Optional.of(gone);
        });
    }

    private static String name(String wanted) {
        String name = wanted.strip();
        if (name.isEmpty() || name.length() > Credential.LONGEST_NAME)
            throw new IllegalArgumentException("a name has 1 to " + Credential.LONGEST_NAME + " characters");
        if (name.chars().anyMatch(Character::isISOControl))
            throw new IllegalArgumentException("a name has no control characters");
        return name;
    }

    /** Oldest first. */
    List<Credential> of(Address account, Kind kind) throws IOException {
        return holding(database.ask(c -> new CredentialTable(c).of(account.folded(), kind)));
    }

    /** Of everybody, by account. */
    List<Credential> all(Kind kind) throws IOException {
        return holding(database.ask(c -> new CredentialTable(c).all(kind)));
    }

    private List<Credential> holding(List<CredentialTable.Row> rows) throws IOException {
        List<Credential> valid = new ArrayList<>();
        for (CredentialTable.Row row : rows) if (holds(row)) valid.add(row.credential(terms));
        return valid;
    }

    /** What is open by it ends. @return whether there was one */
    boolean revoke(Address account, Kind kind, String id) throws IOException {
        return revoked(account.folded(), table -> table.remove(account.folded(), kind, id) > 0 ? Set.of(id) : Set.of())
                > 0;
    }

    /** All of that kind, whether valid or void: who is locked now may be let in again. What is open by them ends. @return how many */
    int revokeAll(Address account, Kind kind) throws IOException {
        return revoked(account.folded(), table -> {
            Set<String> ids = table.of(account.folded(), kind).stream()
                    .map(CredentialTable.Row::id)
                    .collect(Collectors.toSet());
            table.removeAll(account.folded(), kind);
            return ids;
        });
    }

    private interface Removal {
        /** @return the ids of what was removed */
        Set<String> from(CredentialTable table) throws SQLException;
    }

    private int revoked(Address account, Removal removal) throws IOException {
        Set<String> ids;
        synchronized (this) {
            ids = database.change(c -> removal.from(new CredentialTable(c)));
        }
        if (!ids.isEmpty()) listener.accept(account, ids);
        return ids.size();
    }

    /** All that was issued to that account; its connections are ended by whoever removes it. */
    synchronized void revokeAll(Address account) throws IOException {
        database.change(c -> new CredentialTable(c).removeAll(account.folded()));
    }

    private String hash(Kind kind, String account, String text) throws IOException {
        return hex(kind + "\0" + account + "\0" + text);
    }

    /** Stands for the password that is in force. */
    String mark(Address owner) throws IOException {
        Address account = owner.folded();
        Backends.Answer<String> fingerprint = backends.fingerprint(account);
        Optional<String> mark = hashed(account, fingerprint);
        if (mark.isPresent()) return mark.get();
        boolean may = fingerprint.said().isEmpty()
                && backends.user(account).filter(User::enabled).isPresent();
        throw new IllegalArgumentException(
                may
                        ? "the directory of " + account
                                + " does not tell when the password changes, which would have to end this"
                        : "there is no user " + account + " who may log in");
    }

    /** Stands for the password that is in force; empty when there is no such account that may log in, or nothing is told of it. */
    String standing(Address account) throws IOException {
        Backends.Answer<String> now = backends.fingerprint(account);
        if (!now.sure()) throw Backends.away(account);
        return hashed(account, now).orElse("");
    }

    /** The ids of what an account has that has not ended by itself, whatever its password is. */
    Set<String> lasting(Address account) throws IOException {
        Instant now = clock.instant();
        return database.ask(c -> new CredentialTable(c)
                .of(account).stream()
                        .filter(row -> !row.over(terms, now))
                        .map(CredentialTable.Row::id)
                        .collect(Collectors.toSet()));
    }

    private Optional<String> hashed(Address account, Backends.Answer<String> fingerprint) throws IOException {
        String text = fingerprint.said().orElse("");
        return text.isEmpty() ? Optional.empty() : Optional.of(hex("password\0" + account + "\0" + text));
    }

    private String hex(String text) throws IOException {
        return HexFormat.of().formatHex(secret.hash(text));
    }
}
