package org.posthorn.users.sql;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;

/** Work on the database that is there now, in one transaction each. Sees to it that the tables are there. */
final class Database {

    /** Something to do with a connection. */
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private final Leased<DataSource> sources;
    private final Duration grace;
    private volatile DataSource prepared;

    /** @param grace how long a call waits for a database, which may still be booting */
    Database(Leased<DataSource> sources, Duration grace) {
        this.sources = sources;
        this.grace = grace;
    }

    /** Does it whole or not at all; what it did is durable when this returns. */
    <T> T transaction(Work<T> work) throws IOException {
        try (Lease<DataSource> lease = lease();
                Connection connection = prepare(lease.get()).getConnection()) {
            connection.setAutoCommit(false);
            return committed(connection, work);
        } catch (SQLException e) {
            throw new IOException("the database of users: " + e.getMessage(), e);
        }
    }

    private static <T> T committed(Connection connection, Work<T> work) throws SQLException {
        try {
            T result = work.on(connection);
            connection.commit();
            return result;
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        }
    }

    private Lease<DataSource> lease() throws IOException {
        return sources.lease().or(this::awaited).orElseThrow(() -> new IOException("there is no database"));
    }

    private Optional<Lease<DataSource>> awaited() {
        try {
            sources.present(List.of()).toCompletableFuture().get(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException none) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return sources.lease();
    }

    private DataSource prepare(DataSource source) throws SQLException, IOException {
        if (source != prepared) makeTables(source);
        return source;
    }

    private synchronized void makeTables(DataSource source) throws SQLException, IOException {
        if (source == prepared) return;
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            int version = committed(connection, Schema::prepare);
            if (version != Schema.VERSION)
                throw new IOException("the tables of users are of version " + version + ", which cannot be read");
        }
        prepared = source;
    }
}
