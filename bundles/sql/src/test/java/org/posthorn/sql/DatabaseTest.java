package org.posthorn.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.derby.jdbc.EmbeddedDataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DatabaseTest {

    private static final Tables TABLES = tables(1);

    private final DataSource source = derby();

    @BeforeAll
    static void quiet() {
        System.setProperty("derby.stream.error.file", "target/derby.log");
    }

    private static Tables tables(int version) {
        return new Tables(
                "the tests", "test_format", version, List.of("CREATE TABLE test_word (word VARCHAR(20) NOT NULL)"));
    }

    private static DataSource derby() {
        EmbeddedDataSource derby = new EmbeddedDataSource();
        derby.setDatabaseName("memory:" + UUID.randomUUID());
        derby.setCreateDatabase("create");
        return derby;
    }

    private static Database database(DataSource source, Tables tables) {
        Database database = new Database(tables, Duration.ofMillis(1));
        database.add(source, Map.of());
        return database;
    }

    private static int add(Connection c, String word) throws SQLException {
        try (Statement statement = c.createStatement()) {
            return statement.executeUpdate("INSERT INTO test_word (word) VALUES ('" + word + "')");
        }
    }

    private static int count(Connection c) throws SQLException {
        try (Statement statement = c.createStatement();
                ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM test_word")) {
            row.next();
            return row.getInt(1);
        }
    }

    @Test
    void a_call_waits_for_a_database_that_still_boots() throws Exception {
        Database database = new Database(TABLES, Duration.ofSeconds(30));
        CompletableFuture<Integer> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return database.change(DatabaseTest::count);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        database.add(source, Map.of());
        assertThat(answer.get(30, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void without_a_database_it_fails_after_the_grace() {
        Database database = new Database(TABLES, Duration.ofMillis(1));
        assertThatThrownBy(() -> database.ask(c -> 1))
                .isInstanceOf(IOException.class)
                .hasMessage("there is no database");
    }

    @Test
    void a_change_is_made_whole_or_not_at_all() throws Exception {
        Database database = database(source, TABLES);
        database.change(c -> add(c, "one"));
        assertThatThrownBy(() -> database.change(c -> {
                    add(c, "two");
                    throw new IOException("the disk is full");
                }))
                .hasMessage("the disk is full");
        assertThat(database.ask(DatabaseTest::count)).isEqualTo(1);
        assertThatThrownBy(() -> database.ask(c -> add(c, "a word of more than twenty letters")))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("the database of the tests: ");
    }

    @Test
    void who_comes_next_finds_the_tables() throws Exception {
        database(source, TABLES).change(c -> add(c, "one"));
        assertThat(database(source, TABLES).ask(DatabaseTest::count)).isEqualTo(1);
    }

    @Test
    void tables_of_another_format_are_left_alone() throws Exception {
        database(source, tables(2)).change(c -> add(c, "one"));
        assertThatThrownBy(() -> database(source, TABLES).ask(DatabaseTest::count))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "the tables of the tests are of format 2, made by a newer Posthorn; this one knows format 1");
        assertThatThrownBy(() -> database(source, tables(3)).ask(DatabaseTest::count))
                .hasMessage("the tables of the tests are of format 2; this one knows format 3");
    }

    @Test
    void tables_that_cannot_be_made_are_not_there_in_half() throws Exception {
        Tables broken = new Tables(
                "the tests", "test_format", 1, List.of(TABLES.statements().get(0), "CREATE NONSENSE"));
        assertThatThrownBy(() -> database(source, broken).ask(c -> 1)).isInstanceOf(IOException.class);
        assertThat(database(source, TABLES).ask(DatabaseTest::count)).isZero();
    }

    @Test
    void the_next_database_gets_its_tables() throws Exception {
        Database database = database(source, TABLES);
        database.change(c -> add(c, "one"));
        database.remove(source);
        assertThat(database.await(Duration.ZERO)).isFalse();
        database.add(derby(), Map.of());
        assertThat(database.ask(DatabaseTest::count)).isZero();
    }

    @Test
    void a_database_may_let_its_successor_wait_until_it_is_forgotten() throws Exception {
        Database database = database(source, TABLES);
        database.change(c -> add(c, "one"));
        DataSource next = derby();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        database.add(
                proxy((self, method, arguments) -> {
                    if (method.getName().equals("getConnection")) {
                        asked.countDown();
                        free.await();
                        return next.getConnection();
                    }
                    return method.getName().equals("equals") ? self == arguments[0] : 7;
                }),
                Map.of("service.ranking", 1));
        CompletableFuture<Integer> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return database.ask(DatabaseTest::count);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        asked.await();
        database.remove(source);
        free.countDown();
        assertThat(answer.get(30, TimeUnit.SECONDS)).isZero();
    }

    private static DataSource proxy(InvocationHandler handler) {
        return (DataSource)
                Proxy.newProxyInstance(DatabaseTest.class.getClassLoader(), new Class<?>[] {DataSource.class}, handler);
    }
}
