package org.posthorn.users;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Credential;
import org.posthorn.sql.Query;
import org.posthorn.sql.Tables;

/** What is kept of what was issued: never the secret. Through one connection. */
final class CredentialTable {

    /** Times are seconds since 1970. An account is the folded address, which is not read again as a whole, since folding may have made it longer than an address may be. */
    static final Tables TABLES = new Tables(
            "tokens and app passwords",
            "issued_format",
            1,
            List.of(
                    "CREATE TABLE issued_credential (secret_hash CHAR(64) NOT NULL PRIMARY KEY, credential_id VARCHAR(32) NOT NULL,"
                            + " kind VARCHAR(16) NOT NULL, local_part VARCHAR(128) NOT NULL, domain_name VARCHAR(255) NOT NULL, display_name VARCHAR(200) NOT NULL,"
                            + " created BIGINT NOT NULL, last_used BIGINT NOT NULL, password_mark CHAR(64) NOT NULL)",
                    "CREATE INDEX issued_credential_account ON issued_credential (domain_name, local_part)"));

    private static final String COLUMNS =
            "SELECT secret_hash, credential_id, kind, local_part, domain_name, display_name, created, last_used, password_mark FROM issued_credential ";

    private static final String DELETE = "DELETE FROM issued_credential ";
    private static final String HIS = "WHERE domain_name = ? AND local_part = ? ";

    /**
     * A row.
     *
     * @param hash of the secret, in hexadecimal digits
     * @param lastUsed in seconds since 1970; 0 when it never was
     * @param mark of the password under which it was issued
     */
    record Row(
            String hash,
            String id,
            Credential.Kind kind,
            Address account,
            String name,
            long created,
            long lastUsed,
            String mark) {

        Credential credential(Terms terms) {
            Optional<Instant> used = lastUsed == 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(lastUsed));
            return new Credential(id, kind, account, name, Instant.ofEpochSecond(created), used, end(terms));
        }

        Optional<Instant> end(Terms terms) {
            return terms.end(kind, Instant.ofEpochSecond(created), Instant.ofEpochSecond(lastUsed));
        }

        boolean over(Terms terms, Instant now) {
            return end(terms).filter(end -> !now.isBefore(end)).isPresent();
        }
    }

    private final Connection connection;

    CredentialTable(Connection connection) {
        this.connection = connection;
    }

    Optional<Row> find(String hash) throws SQLException {
        return Query.rows(connection, CredentialTable::row, COLUMNS + "WHERE secret_hash = ?", hash).stream()
                .findFirst();
    }

    boolean has(Credential credential) throws SQLException {
        return of(credential.account(), credential.kind()).stream().anyMatch(r -> r.id().equals(credential.id()));
    }

    /** Oldest first. */
    List<Row> of(Address account, Credential.Kind kind) throws SQLException {
        return Query.rows(
                connection,
                CredentialTable::row,
                COLUMNS + HIS + "AND kind = ? ORDER BY created, credential_id",
                account.domain(),
                account.localPart(),
                kind.name());
    }

    /** Of both kinds. */
    List<Row> of(Address account) throws SQLException {
        return Query.rows(connection, CredentialTable::row, COLUMNS + HIS, account.domain(), account.localPart());
    }

    /** Of everybody, by account. */
    List<Row> all(Credential.Kind kind) throws SQLException {
        return Query.rows(
                connection,
                CredentialTable::row,
                COLUMNS + "WHERE kind = ? ORDER BY domain_name, local_part, created, credential_id",
                kind.name());
    }

    void add(Row row) throws SQLException {
        Query.update(
                connection,
                "INSERT INTO issued_credential (secret_hash, credential_id, kind, local_part, domain_name, display_name, created,"
                        + " last_used, password_mark) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row.hash,
                row.id,
                row.kind.name(),
                row.account.localPart(),
                row.account.domain(),
                row.name,
                row.created,
                row.lastUsed,
                row.mark);
    }

    void used(String hash, long when) throws SQLException {
        Query.update(
                connection,
                "UPDATE issued_credential SET last_used = ? WHERE secret_hash = ? AND last_used < ?",
                when,
                hash,
                when);
    }

    int remove(Address account, Credential.Kind kind, String id) throws SQLException {
        return Query.update(
                connection,
                DELETE + HIS + "AND kind = ? AND credential_id = ?",
                account.domain(),
                account.localPart(),
                kind.name(),
                id);
    }

    int removeAll(Address account) throws SQLException {
        return Query.update(connection, DELETE + HIS, account.domain(), account.localPart());
    }

    int removeAll(Address account, Credential.Kind kind) throws SQLException {
        return Query.update(
                connection, DELETE + HIS + "AND kind = ?", account.domain(), account.localPart(), kind.name());
    }

    /** Those of the account that stand for another password than that of this mark. */
    void removeVoid(Address account, String mark) throws SQLException {
        Query.update(connection, DELETE + HIS + "AND password_mark <> ?", account.domain(), account.localPart(), mark);
    }

    /** Tokens of anybody that were made before the one time, or used last before the other. */
    void removeOld(long created, long used) throws SQLException {
        Query.update(
                connection,
                DELETE + "WHERE kind = ? AND (created <= ? OR last_used <= ?)",
                Credential.Kind.TOKEN.name(),
                created,
                used);
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getString(1),
                row.getString(2),
                Credential.Kind.valueOf(row.getString(3)),
                new Address(row.getString(4), row.getString(5)),
                row.getString(6),
                row.getLong(7),
                row.getLong(8),
                row.getString(9));
    }
}
