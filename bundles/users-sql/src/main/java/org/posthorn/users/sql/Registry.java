package org.posthorn.users.sql;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.UserRegistry;
import org.posthorn.sasl.PasswordScheme;
import org.posthorn.sasl.Passwords;
import org.posthorn.sql.Database;
import org.posthorn.sql.Query;

/** Changes. Each leaves the directory with nothing remembered, even one that failed: it may have been done all the same. */
final class Registry implements UserRegistry {

    private final Database database;
    private final Directory directory;
    private final Passwords passwords;
    private final PasswordScheme scheme;

    Registry(Database database, Directory directory, Passwords passwords, PasswordScheme scheme) {
        this.database = database;
        this.directory = directory;
        this.passwords = passwords;
        this.scheme = scheme;
    }

    @Override
    public void addDomain(String domain) throws IOException {
        String name = folded(domain);
        change(c -> {
            refuse(exists(c, name), "there is a domain " + name + " already");
            return Query.update(c, "INSERT INTO users_domain (domain_name) VALUES (?)", name);
        });
    }

    @Override
    public void removeDomain(String domain) throws IOException {
        String name = folded(domain);
        change(c -> {
            int users = Query.count(c, "SELECT COUNT(*) FROM users_account WHERE domain_name = ?", name);
            int aliases =
                    Query.count(c, "SELECT COUNT(DISTINCT local_part) FROM users_alias WHERE domain_name = ?", name);
            refuse(
                    users + aliases > 0,
                    name + " has " + users + " users and " + aliases + " aliases; remove them first");
            int removed = Query.update(c, "DELETE FROM users_domain WHERE domain_name = ?", name);
            refuse(removed == 0, "there is no domain " + name);
            return removed;
        });
    }

    @Override
    public void addUser(Address address, String password) throws IOException {
        Address user = address.folded();
        Directory.Secret secret = secret(password);
        change(c -> {
            requireDomain(c, user.domain());
            refuse(userExists(c, user), "there is a user " + user + " already");
            return Query.update(
                    c,
                    "INSERT INTO users_account (domain_name, local_part, password_hash, scram_keys)"
                            + " VALUES (?, ?, ?, ?)",
                    user.domain(),
                    user.localPart(),
                    secret.hash(),
                    secret.scram());
        });
    }

    @Override
    public void removeUser(Address address) throws IOException {
        Address user = address.folded();
        change(c -> {
            int removed = Query.update(
                    c,
                    "DELETE FROM users_account WHERE domain_name = ? AND local_part = ?",
                    user.domain(),
                    user.localPart());
            refuse(removed == 0, "there is no user " + user);
            return removed;
        });
    }

    @Override
    public void password(Address address, String password) throws IOException {
        Address user = address.folded();
        Directory.Secret secret = secret(password);
        change(c -> {
            int changed = Query.update(
                    c,
                    "UPDATE users_account SET password_hash = ?, scram_keys = ?"
                            + " WHERE domain_name = ? AND local_part = ?",
                    secret.hash(),
                    secret.scram(),
                    user.domain(),
                    user.localPart());
            refuse(changed == 0, "there is no user " + user);
            return changed;
        });
    }

    @Override
    public void alias(String name, String domain, List<Address> targets) throws IOException {
        String local = folded(name);
        String at = folded(domain);
        refuse(targets.isEmpty(), "an alias must lead somewhere");
        change(c -> {
            requireDomain(c, at);
            deleteAlias(c, local, at);
            for (int place = 0; place < targets.size(); place++)
                Query.update(
                        c,
                        "INSERT INTO users_alias (domain_name, local_part, place, target) VALUES (?, ?, ?, ?)",
                        at,
                        local,
                        place,
                        targets.get(place).toString());
            return targets.size();
        });
    }

    @Override
    public void removeAlias(String name, String domain) throws IOException {
        String local = folded(name);
        String at = folded(domain);
        change(c -> {
            int removed = deleteAlias(c, local, at);
            refuse(removed == 0, "there is no alias " + local + "@" + at);
            return removed;
        });
    }

    private void change(Database.Work<Integer> work) throws IOException {
        try {
            database.change(work);
        } finally {
            directory.forget();
        }
    }

    private Directory.Secret secret(String password) throws IOException {
        return new Directory.Secret(
                passwords.hash(password, scheme), passwords.hash(password, PasswordScheme.SCRAM_SHA_256));
    }

    private static void requireDomain(Connection c, String domain) throws SQLException {
        refuse(!exists(c, domain), "there is no domain " + domain + "; domain:add makes it");
    }

    private static boolean exists(Connection c, String domain) throws SQLException {
        return Query.count(c, "SELECT COUNT(*) FROM users_domain WHERE domain_name = ?", domain) > 0;
    }

    private static boolean userExists(Connection c, Address user) throws SQLException {
        return Query.count(
                        c,
                        "SELECT COUNT(*) FROM users_account WHERE domain_name = ? AND local_part = ?",
                        user.domain(),
                        user.localPart())
                > 0;
    }

    private static int deleteAlias(Connection c, String local, String domain) throws SQLException {
        return Query.update(c, "DELETE FROM users_alias WHERE domain_name = ? AND local_part = ?", domain, local);
    }

    private static void refuse(boolean wrong, String why) {
        if (wrong) throw new IllegalArgumentException(why);
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
