package org.posthorn.queue.sql;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/** The tables, in SQL that Derby and PostgreSQL read alike. */
final class Tables {

    private static final int VERSION = 1;

    private Tables() {}

    /** Makes what is not there. @throws IOException when a newer Posthorn made them */
    static void prepare(Connection c) throws SQLException, IOException {
        try (Statement statement = c.createStatement()) {
            // The version comes last: where it stands, the rest is whole.
            if (!exists(c, "queue_mail")) {
                statement.execute("CREATE TABLE queue_mail (mail_id CHAR(13) NOT NULL PRIMARY KEY,"
                        + " next_try BIGINT NOT NULL, held SMALLINT NOT NULL)");
                statement.execute("CREATE INDEX queue_mail_due ON queue_mail (held, next_try)");
            }
            if (!exists(c, "queue_text"))
                statement.execute("CREATE TABLE queue_text (mail_id CHAR(13) NOT NULL, piece INTEGER NOT NULL,"
                        + " content VARCHAR(" + Pieces.LONGEST + ") NOT NULL, PRIMARY KEY (mail_id, piece))");
            if (!exists(c, "queue_format")) statement.execute("CREATE TABLE queue_format (version INTEGER NOT NULL)");
            int version = version(statement);
            if (version == 0) statement.execute("INSERT INTO queue_format (version) VALUES (" + VERSION + ")");
            if (version > VERSION)
                throw new IOException("the tables of the queue are of format " + version
                        + ", made by a newer Posthorn; this one knows format " + VERSION);
        }
    }

    private static int version(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT MAX(version) FROM queue_format")) {
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
