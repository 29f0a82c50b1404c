package org.posthorn.users;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.apache.derby.jdbc.EmbeddedDataSource;

/** A database in memory. */
final class Derby {

    private final EmbeddedDataSource source = new EmbeddedDataSource();
    private final Path data;
    private Credentials last;

    Derby() {
        System.setProperty("derby.stream.error.file", "target/derby.log");
        source.setDatabaseName("memory:" + UUID.randomUUID());
        source.setCreateDatabase("create");
        try {
            data = Files.createTempDirectory("derby");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those of a server that has just begun. */
    Credentials credentials(Backends backends, Clock clock) {
        return credentials(backends, clock, Settings.TERMS);
    }

    Credentials credentials(Backends backends, Clock clock, Terms terms) {
        last = new Credentials(backends, secret(), terms, clock);
        last.addSource(source, Map.of("service.id", 1L));
        return last;
    }

    ServerSecret secret() {
        return new ServerSecret(data);
    }

    Path secretFile() {
        return data.resolve("users/secret");
    }

    Connection connection() throws SQLException {
        return source.getConnection();
    }

    int rows() throws SQLException {
        try (Connection c = connection();
                ResultSet row = c.createStatement().executeQuery("SELECT COUNT(*) FROM issued_credential")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** Shuts it down; who asks for it then fails. */
    void close() {
        EmbeddedDataSource end = new EmbeddedDataSource();
        end.setDatabaseName(source.getDatabaseName());
        end.setShutdownDatabase("shutdown");
        source.setCreateDatabase("");
        source.setDatabaseName("memory:none");
        try {
            end.getConnection().close();
        } catch (SQLException ended) {
            // Derby says by an exception that it did so, and that there was none.
            if (!ended.getSQLState().equals("08006") && !ended.getSQLState().equals("XJ004"))
                throw new IllegalStateException(ended);
        }
    }
}
