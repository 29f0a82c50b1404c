package org.posthorn.filter.greylist;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/** The tables, in SQL that Derby and PostgreSQL read alike. Times are milliseconds since 1970. */
final class Tables {

    private static final int VERSION = 1;

    private Tables() {}

    /** Makes what is not there. @throws IOException when a newer Posthorn made them */
    static void prepare(Connection c) throws SQLException, IOException {
        try (Statement statement = c.createStatement()) {
            if (!exists(c, "greylist_triplet"))
                statement.execute("CREATE TABLE greylist_triplet (triplet CHAR(64) NOT NULL PRIMARY KEY,"
                        + " first_seen BIGINT NOT NULL, last_seen BIGINT NOT NULL, passes INTEGER NOT NULL)");
            if (!exists(c, "greylist_network"))
                statement.execute("CREATE TABLE greylist_network (network VARCHAR(18) NOT NULL PRIMARY KEY,"
                        + " last_seen BIGINT NOT NULL, passes INTEGER NOT NULL)");
            // The format comes last: where it stands, the rest is whole.
            if (!exists(c, "greylist_format"))
                statement.execute("CREATE TABLE greylist_format (version INTEGER NOT NULL)");
            int version = version(statement);
            if (version == 0) statement.execute("INSERT INTO greylist_format (version) VALUES (" + VERSION + ")");
            if (version > VERSION)
                throw new IOException("the tables of the greylist are of format " + version
                        + ", made by a newer Posthorn; this one knows format " + VERSION);
        }
    }

    private static int version(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT MAX(version) FROM greylist_format")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static boolean exists(Connection c, String table) throws SQLException {
        boolean upper = c.getMetaData().storesUpperCaseIdentifiers();
        String name = upper ? table.toUpperCase(Locale.ROOT) : table;
        try (ResultSet found = c.getMetaData().getTables(null, c.getSchema(), name, null)) {
            return found.next();
        }
    }
}
