package org.posthorn.users.sql;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;

/** The tables. A local part of no characters is the catch-all's; a name takes more room than RFC 5321 gives it, as folding may lengthen it. */
final class Schema {

    static final int VERSION = 1;

    private static final List<String> TABLES = List.of(
            "CREATE TABLE users_domain (domain_name VARCHAR(255) NOT NULL PRIMARY KEY)",
            "CREATE TABLE users_account (domain_name VARCHAR(255) NOT NULL REFERENCES users_domain (domain_name),"
                    + " local_part VARCHAR(128) NOT NULL, password_hash VARCHAR(512) NOT NULL,"
                    + " scram_keys VARCHAR(512) NOT NULL, PRIMARY KEY (domain_name, local_part))",
            "CREATE TABLE users_alias (domain_name VARCHAR(255) NOT NULL REFERENCES users_domain (domain_name),"
                    + " local_part VARCHAR(128) NOT NULL, place INTEGER NOT NULL, target VARCHAR(320) NOT NULL,"
                    + " PRIMARY KEY (domain_name, local_part, place))",
            "CREATE TABLE users_format (version INTEGER NOT NULL)",
            "INSERT INTO users_format (version) VALUES (" + VERSION + ")");

    private Schema() {}

    /** Makes them if they are not there. @return the version of those that are */
    static int prepare(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!exists(connection)) for (String sql : TABLES) statement.execute(sql);
            try (ResultSet row = statement.executeQuery("SELECT version FROM users_format")) {
                return row.next() ? row.getInt(1) : 0;
            }
        }
    }

    private static boolean exists(Connection connection) throws SQLException {
        DatabaseMetaData about = connection.getMetaData();
        String name = about.storesUpperCaseIdentifiers() ? "users_format".toUpperCase(Locale.ROOT) : "users_format";
        try (ResultSet tables = about.getTables(null, connection.getSchema(), name, null)) {
            return tables.next();
        }
    }
}
