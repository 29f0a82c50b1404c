package org.posthorn.database.derby;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** All tables of the database, and its own. */
final class Tables {

    private Tables() {}

    /** Reads each of them and its indexes. @throws SQLException when one of them is damaged */
    static void check(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : names(statement)) {
                ResultSet checked = statement.executeQuery("VALUES SYSCS_UTIL.SYSCS_CHECK_TABLE(" + table + ")");
                checked.next();
            }
        }
    }

    private static List<String> names(Statement statement) throws SQLException {
        String sql = "SELECT schemaname, tablename FROM sys.systables JOIN sys.sysschemas USING (schemaid)"
                + " WHERE tabletype IN ('S', 'T')";
        List<String> names = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) names.add("'" + rows.getString(1) + "', '" + rows.getString(2) + "'");
        }
        return names;
    }
}
