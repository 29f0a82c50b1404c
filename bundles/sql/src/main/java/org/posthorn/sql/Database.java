package org.posthorn.sql;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;

/** The database of the moment, in which the tables of one part are made before the first question. Safe for several threads. */
public final class Database {

    /** What is done with a connection, which its caller closes. */
    @FunctionalInterface
    public interface Work<T> {
        T with(Connection connection) throws SQLException, IOException;
    }

    private final Leased<DataSource> sources = new Leased<>();
    private final Tables tables;
    private final Duration grace;
    private final AtomicReference<DataSource> prepared = new AtomicReference<>();

    /** @param grace how long a question waits for a database, which may still be booting */
    public Database(Tables tables, Duration grace) {
        this.tables = tables;
        this.grace = grace;
    }

    /** It may be used from now on. @param properties of the service */
    public void add(DataSource source, Map<String, ?> properties) {
        sources.add(source, properties);
    }

    /** Comes back when nobody uses it any more, and keeps nothing of it. */
    public void remove(DataSource source) {
        sources.remove(source);
        prepared.compareAndSet(source, null);
    }

    /** Whether there is one, now or within that time; an interrupt ends the waiting and is left for the caller. */
    public boolean await(Duration most) {
        try {
            sources.present(List.of()).toCompletableFuture().get(most.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException none) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Asks with a connection that commits each statement. @throws IOException there is no database, or it cannot do it */
    public <T> T ask(Work<T> question) throws IOException {
        try (Lease<DataSource> source = lease();
                Connection connection = open(source.get())) {
            return question.with(connection);
        } catch (SQLException e) {
            throw new IOException("the database of " + tables.what() + ": " + e.getMessage(), e);
        }
    }

    /** Does it whole or not at all; what it did is durable when this returns. @throws IOException as {@link #ask} */
    public <T> T change(Work<T> work) throws IOException {
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
        return sources.lease().or(this::awaited).orElseThrow(() -> new IOException("there is no database"));
    }

    private Optional<Lease<DataSource>> awaited() {
        return await(grace) ? sources.lease() : Optional.empty();
    }

    private Connection open(DataSource source) throws SQLException, IOException {
        // It may come when the database before has let go, which waits for us to forget that: so no lock is held here.
        Connection connection = source.getConnection();
        try {
            if (prepared.get() != source) prepare(source, connection);
            return connection;
        } catch (SQLException | IOException | RuntimeException | Error e) {
            connection.close();
            throw e;
        }
    }

    private synchronized void prepare(DataSource source, Connection connection) throws SQLException, IOException {
        if (prepared.get() == source) return;
        transaction(connection, c -> {
            tables.prepare(c);
            return null;
        });
        prepared.set(source);
    }
}
