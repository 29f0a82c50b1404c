package org.posthorn.users;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.derby.jdbc.EmbeddedDataSource;

/** A database and a secret in a folder. */
final class DiskDerby implements AutoCloseable {

    private final EmbeddedDataSource source = new EmbeddedDataSource();
    private final Path folder;

    DiskDerby(Path folder) {
        this.folder = folder;
        System.setProperty("derby.stream.error.file", "target/derby.log");
        source.setDatabaseName(folder.resolve("database").toString());
        source.setCreateDatabase("create");
    }

    Credentials credentials(Backends backends, Clock clock) {
        Credentials credentials = new Credentials(backends, secret(), Settings.TERMS, clock);
        credentials.addSource(source, Map.of("service.id", 1L));
        return credentials;
    }

    ServerSecret secret() {
        return new ServerSecret(folder);
    }

    /** What another server finds when this one ends now: all files as they are at this moment, but the lock. */
    DiskDerby crashed(Path copy) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files::iterator)
                if (!file.endsWith("db.lck") && !file.endsWith("dbex.lck"))
                    Files.copy(file, copy.resolve(folder.relativize(file)));
        }
        return new DiskDerby(copy);
    }

    @Override
    public void close() {
        source.setCreateDatabase("");
        source.setShutdownDatabase("shutdown");
        try {
            source.getConnection().close();
        } catch (SQLException ended) {
            // Derby says by an exception that it did so.
            if (!ended.getSQLState().equals("08006")) throw new UncheckedIOException(new IOException(ended));
        }
    }
}
