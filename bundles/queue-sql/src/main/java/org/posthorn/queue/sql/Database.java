package org.posthorn.queue.sql;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;

/** The database of the moment, with its tables made. */
final class Database {

    /** What is done with a connection. */
    interface Work<T> {
        T with(Connection connection) throws SQLException, IOException;
    }

    private final Leased<DataSource> sources = new Leased<>();
    private volatile DataSource prepared;

    Leased<DataSource> sources() {
        return sources;
    }

    <T> T ask(Work<T> question) throws IOException {
        try (Lease<DataSource> source = lease();
                Connection connection = open(source.get())) {
            return question.with(connection);
        } catch (SQLException e) {
            throw new IOException("the database of the queue: " + e.getMessage(), e);
        }
    }

    <T> T change(Work<T> work) throws IOException {
        return ask(connection -> transaction(connection, work));
    }

    private static <T> T transaction(Connection connection, Work<T> work) throws SQLException, IOException {
        connection.setAutoCommit(false);
        boolean done = false;
        try {
            T result = work.with(connection);
            connection.commit();
            done = true;
            return result;
        } finally {
            // The connection may go back to a pool, where it must be as it was.
            if (!done) connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private Lease<DataSource> lease() throws IOException {
        return sources.lease().orElseThrow(() -> new IOException("there is no database"));
    }

    private Connection open(DataSource source) throws SQLException, IOException {
        if (prepared != source) prepare(source);
        return source.getConnection();
    }

    private synchronized void prepare(DataSource source) throws SQLException, IOException {
        if (prepared == source) return;
        try (Connection connection = source.getConnection()) {
            Tables.prepare(connection);
        }
        prepared = source;
    }
}
