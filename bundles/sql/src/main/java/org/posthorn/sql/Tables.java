package org.posthorn.sql;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;

/**
 * The tables of one part. The version of their format stands in a table of its own, and they are there when that is: databases that make tables in
 * transactions make all or none.
 *
 * @param what whose they are, for messages: {@code the queue}
 * @param format the name of the table that holds the version
 * @param version what this build reads and writes, from 1
 * @param statements what makes the others, in SQL that Derby and PostgreSQL read alike
 */
public record Tables(String what, String format, int version, List<String> statements) {

    /** Makes them if they are not there. @throws IOException another build made them, whose format this one does not know */
    void prepare(Connection connection) throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            if (!exist(connection)) make(statement);
            int there = version(statement);
            if (there != version)
                throw new IOException("the tables of " + what + " are of format " + there
                        + (there > version ? ", made by a newer Posthorn" : "") + "; this one knows format " + version);
        }
    }

    private void make(Statement statement) throws SQLException {
        for (String sql : statements) statement.execute(sql);
        statement.execute("CREATE TABLE " + format + " (version INTEGER NOT NULL)");
        statement.execute("INSERT INTO " + format + " (version) VALUES (" + version + ")");
    }

    private int version(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT MAX(version) FROM " + format)) {
            row.next();
            return row.getInt(1);
        }
    }

    private boolean exist(Connection connection) throws SQLException {
        boolean upper = connection.getMetaData().storesUpperCaseIdentifiers();
        String name = upper ? format.toUpperCase(Locale.ROOT) : format;
        try (ResultSet found = connection.getMetaData().getTables(null, connection.getSchema(), name, null)) {
            return found.next();
        }
    }
}
