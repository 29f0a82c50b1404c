package org.posthorn.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Statements with their parameters in order, through a connection that its caller has. */
public final class Query {

    /** Reads one row. */
    public interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private Query() {}

    /** All rows of the answer, in order. */
    public static <T> List<T> rows(Connection connection, Row<T> reader, String sql, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, parameters);
                ResultSet result = statement.executeQuery()) {
            List<T> rows = new ArrayList<>();
            while (result.next()) rows.add(reader.read(result));
            return rows;
        }
    }

    /** The number that is the answer. */
    public static int count(Connection connection, String sql, Object... parameters) throws SQLException {
        return rows(connection, r -> r.getInt(1), sql, parameters).get(0);
    }

    /** @return how many rows it was done to */
    public static int update(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, parameters)) {
            return statement.executeUpdate();
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) statement.setObject(i + 1, parameters[i]);
        return statement;
    }
}
