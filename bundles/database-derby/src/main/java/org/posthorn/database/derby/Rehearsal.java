package org.posthorn.database.derby;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.apache.derby.jdbc.EmbeddedConnectionPoolDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Statements as our tables get them, on a database in memory that is gone afterwards. They have Derby load what a boot and the first statements need,
 * some two thousand classes, while another version still serves: behind the hand-over somebody would wait for that.
 */
final class Rehearsal {

    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);
    private static final String NAME = "memory:rehearsal";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final List<String> STATEMENTS = List.of(
            "CREATE TABLE part (name VARCHAR(320) NOT NULL, place INT NOT NULL, since BIGINT, text VARCHAR(32672), PRIMARY KEY (name, place))",
            "CREATE INDEX part_since ON part (since, name)",
            "INSERT INTO part (name, place, since, text) VALUES (?, 1, 1, 'one')",
            "INSERT INTO part (name, place, since, text) VALUES (?, 2, 2, 'two')",
            "UPDATE part SET since = since + 1, text = 'three' WHERE name = ? AND place = 1",
            "SELECT text FROM part WHERE name = ? ORDER BY place",
            "SELECT COUNT(*) FROM part WHERE name = ?",
            "SELECT MIN(since) FROM part WHERE name > ?",
            "SELECT DISTINCT name FROM part WHERE since <= 9 AND name = ? ORDER BY name DESC FETCH FIRST 3 ROWS ONLY",
            "SELECT a.text FROM part a JOIN part b ON a.name = b.name WHERE b.since > 0 AND a.name = ?",
            "DELETE FROM part WHERE name = ?");

    private Rehearsal() {}

    /** Returns when it is over. What goes wrong in it is no fault of the database: that is found when it is opened. */
    static void run(Path folder, Path log) {
        try {
            statements(folder, log);
        } catch (SQLException e) {
            LOG.info("Derby could not be tried beside the version that serves: {}", e.getMessage());
        }
    }

    /** @throws SQLException when one of them fails */
    static void statements(Path folder, Path log) throws SQLException {
        Derby.whereItWrites(folder, log);
        EmbeddedConnectionPoolDataSource source = new EmbeddedConnectionPoolDataSource();
        source.setDatabaseName(NAME);
        source.setCreateDatabase("create");
        try (Pool pool = new Pool(source, 2, PATIENCE)) {
            for (String statement : STATEMENTS) run(pool, statement);
        } finally {
            Derby.shutDown("jdbc:derby:" + NAME + ";drop=true");
        }
    }

    /** Each with a connection of its own and in a transaction, as ours are. */
    private static void run(Pool pool, String sql) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                if (sql.contains("?")) statement.setString(1, "name");
                statement.execute();
            }
            connection.commit();
        }
    }
}
