package org.posthorn.users.sql;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.User;
import org.posthorn.api.users.UserDirectory;
import org.posthorn.sql.Database;
import org.posthorn.sql.Query;
import org.posthorn.sql.Tables;

/** Look-ups, which SMTP asks for with each recipient. */
final class Directory implements UserDirectory {

    /** How a user's password is kept. */
    record Secret(String hash, String scram) {}

    private static final String CATCH_ALL = "";

    /** A local part of no characters is the catch-all's; a name takes more room than RFC 5321 gives it, as folding may lengthen it. */
    static final Tables TABLES = new Tables(
            "users",
            "users_format",
            1,
            List.of(
                    "CREATE TABLE users_domain (domain_name VARCHAR(255) NOT NULL PRIMARY KEY)",
                    "CREATE TABLE users_account (domain_name VARCHAR(255) NOT NULL REFERENCES users_domain (domain_name),"
                            + " local_part VARCHAR(128) NOT NULL, password_hash VARCHAR(512) NOT NULL,"
                            + " scram_keys VARCHAR(512) NOT NULL, PRIMARY KEY (domain_name, local_part))",
                    "CREATE TABLE users_alias (domain_name VARCHAR(255) NOT NULL REFERENCES users_domain (domain_name),"
                            + " local_part VARCHAR(128) NOT NULL, place INTEGER NOT NULL, target VARCHAR(320) NOT NULL,"
                            + " PRIMARY KEY (domain_name, local_part, place))"));

    private final Database database;
    private final Remembered<String, Set<String>> domains;
    private final Remembered<Address, Optional<Secret>> secrets;
    private final Remembered<Address, List<Address>> aliases;

    Directory(Database database, LongSupplier nanoTime) {
        this.database = database;
        domains = new Remembered<>(nanoTime, all -> database.change(Directory::readDomains));
        secrets = new Remembered<>(nanoTime, user -> database.ask(c -> readSecret(c, user)));
        aliases = new Remembered<>(nanoTime, alias -> database.change(c -> readAlias(c, alias)));
    }

    void forget() {
        domains.forget();
        secrets.forget();
        aliases.forget();
    }

    Optional<Secret> secret(Address user) throws IOException {
        return secrets.get(user.folded());
    }

    @Override
    public Set<String> domains() throws IOException {
        return domains.get("");
    }

    @Override
    public Optional<User> user(Address address) throws IOException {
        Address folded = address.folded();
        return secrets.get(folded).map(s -> new User(folded, true));
    }

    @Override
    public List<Address> alias(Address address) throws IOException {
        return aliases.get(address.folded());
    }

    @Override
    public List<Address> catchAll(String domain) throws IOException {
        return aliases.get(new Address(CATCH_ALL, domain.toLowerCase(Locale.ROOT)));
    }

    @Override
    public List<User> users(String domain) throws IOException {
        String folded = domain.toLowerCase(Locale.ROOT);
        return database.change(c -> Query.rows(
                c,
                r -> new User(new Address(r.getString(1), folded), true),
                "SELECT local_part FROM users_account WHERE domain_name = ? ORDER BY local_part",
                folded));
    }

    @Override
    public List<Alias> aliases(String domain) throws IOException {
        String folded = domain.toLowerCase(Locale.ROOT);
        Map<String, List<Address>> targets = new LinkedHashMap<>();
        database.change(c -> Query.rows(
                c,
                r -> targets.computeIfAbsent(r.getString(1), name -> new ArrayList<>())
                        .add(Address.of(r.getString(2))),
                "SELECT local_part, target FROM users_alias WHERE domain_name = ? ORDER BY local_part, place",
                folded));
        return targets.entrySet().stream()
                .map(e -> new Alias(e.getKey(), folded, e.getValue()))
                .toList();
    }

    private static Set<String> readDomains(Connection c) throws SQLException {
        return Set.copyOf(new HashSet<>(Query.rows(c, r -> r.getString(1), "SELECT domain_name FROM users_domain")));
    }

    private static Optional<Secret> readSecret(Connection c, Address user) throws SQLException {
        return Query.rows(
                        c,
                        Directory::secret,
                        "SELECT password_hash, scram_keys FROM users_account WHERE domain_name = ? AND local_part = ?",
                        user.domain(),
                        user.localPart())
                .stream()
                .findFirst();
    }

    private static Secret secret(ResultSet row) throws SQLException {
        return new Secret(row.getString(1), row.getString(2));
    }

    private static List<Address> readAlias(Connection c, Address alias) throws SQLException {
        return Query.rows(
                c,
                r -> Address.of(r.getString(1)),
                "SELECT target FROM users_alias WHERE domain_name = ? AND local_part = ? ORDER BY place",
                alias.domain(),
                alias.localPart());
    }
}
