package org.posthorn.database.derby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.ConnectionPoolDataSource;
import javax.sql.PooledConnection;
import org.apache.derby.jdbc.EmbeddedConnectionPoolDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoolTest {

    @TempDir
    Path data;

    private Derby derby;
    private EmbeddedConnectionPoolDataSource source;

    @BeforeEach
    void boot() throws Exception {
        derby = Derby.boot(data.resolve("database"), data.resolve("derby.log"), 4);
        source = new EmbeddedConnectionPoolDataSource();
        source.setDatabaseName(data.resolve("database/posthorn").toString());
    }

    @AfterEach
    void stop() {
        derby.close();
    }

    @Test
    void who_finds_all_connections_in_use_waits_for_one() throws Exception {
        try (Pool pool = new Pool(source, 1, Duration.ofSeconds(20))) {
            Connection only = pool.getConnection();
            CompletableFuture<Connection> next = CompletableFuture.supplyAsync(() -> {
                try {
                    return pool.getConnection();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(next).isNotDone();
            only.close();
            next.get(20, TimeUnit.SECONDS).close();
        }
    }

    @Test
    void who_waits_too_long_is_told_so() throws Exception {
        try (Pool pool = new Pool(source, 1, Duration.ofMillis(20));
                Connection only = pool.getConnection()) {
            assertThatThrownBy(pool::getConnection)
                    .isInstanceOf(SQLTransientConnectionException.class)
                    .hasMessageContaining("all 1 connections");
            pool.limit(2);
            pool.getConnection().close();
            assertThat(only.isClosed()).isFalse();
        }
    }

    @Test
    void a_connection_comes_back_as_new() throws Exception {
        try (Pool pool = new Pool(source, 1, Duration.ofMillis(20))) {
            for (int i = 0; i < 3; i++) {
                Connection c = pool.getConnection();
                assertThat(c.getAutoCommit()).isTrue();
                c.setAutoCommit(false);
                c.createStatement().execute("CREATE TABLE never (a INT)");
                c.close();
                c.close();
                assertThat(c.isClosed()).isTrue();
            }
        }
    }

    /** Derby ends a connection whose thread was interrupted, and tells the listener of it that it came back. */
    @Test
    void a_connection_that_died_while_it_was_kept_is_passed_over() throws Exception {
        List<PooledConnection> made = new ArrayList<>();
        ConnectionPoolDataSource recorded = recording(made);
        try (Pool pool = new Pool(recorded, 2, Duration.ofSeconds(20))) {
            Connection one = pool.getConnection();
            pool.getConnection().close();
            one.close();
            for (PooledConnection kept : made) kill(kept);
            for (int i = 0; i < 3; i++)
                try (Connection next = pool.getConnection()) {
                    next.createStatement().executeQuery("VALUES 1").close();
                }
            assertThat(made).hasSize(3);
        }
    }

    /** The source, which notes what it makes. */
    private ConnectionPoolDataSource recording(List<PooledConnection> made) {
        return (ConnectionPoolDataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ConnectionPoolDataSource.class},
                (self, method, arguments) -> {
                    Object result = method.invoke(source, arguments);
                    if (result instanceof PooledConnection connection) made.add(connection);
                    return result;
                });
    }

    private static void kill(PooledConnection kept) throws Exception {
        Field physical = kept.getClass().getDeclaredField("realConnection");
        physical.setAccessible(true);
        ((Connection) physical.get(kept)).close();
    }

    @Test
    void nothing_is_given_by_a_closed_pool() {
        Pool pool = new Pool(source, 1, Duration.ofSeconds(20));
        pool.close();
        assertThatThrownBy(pool::getConnection).hasMessageContaining("stopping");
    }
}
