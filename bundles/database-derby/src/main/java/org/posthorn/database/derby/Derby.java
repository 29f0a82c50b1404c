package org.posthorn.database.derby;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import javax.sql.DataSource;
import org.apache.derby.jdbc.EmbeddedConnectionPoolDataSource;
import org.apache.derby.jdbc.EmbeddedDriver;

/**
 * A booted database. Its folder holds {@code format}, written when the database is whole, and {@code posthorn}, which is Derby's own. There can be one
 * in a process, because Derby is set up by system properties.
 */
final class Derby implements AutoCloseable {

    private static final String FORMAT = "posthorn-database 1\n";
    private static final String HOME = "derby.system.home";
    private static final String LOG = "derby.stream.error.file";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final EmbeddedConnectionPoolDataSource source = new EmbeddedConnectionPoolDataSource();
    private final Pool pool;

    private Derby(Path database, int connections) {
        source.setDatabaseName(database.toString());
        pool = new Pool(source, connections, PATIENCE);
    }

    /** Boots the database of that folder, which is made when it is not there. @throws IOException with a line for the administrator */
    static Derby boot(Path folder, Path log, int connections) throws IOException {
        Files.createDirectories(folder);
        if (log.getParent() != null) Files.createDirectories(log.getParent());
        System.setProperty(HOME, folder.toString());
        System.setProperty(LOG, log.toString());
        Derby derby = new Derby(folder.resolve("posthorn"), connections);
        try {
            derby.open(folder);
            return derby;
        } catch (SQLException | IOException | RuntimeException e) {
            derby.close();
            throw new IOException(DerbyFault.explain(folder, e), e);
        }
    }

    private void open(Path folder) throws IOException, SQLException {
        Path format = folder.resolve("format");
        boolean whole = Files.exists(format);
        if (whole) checkFormat(format);
        else setUnfinishedAside(folder);
        if (!whole) source.setCreateDatabase("create");
        pool.getConnection().close();
        if (!whole) Files.writeString(format, FORMAT);
    }

    private static void checkFormat(Path format) throws IOException {
        String found = Files.readString(format);
        if (!found.equals(FORMAT))
            throw new IOException("is of a form that this version cannot read (" + found.strip() + ")");
    }

    /** A process that died while it made the database left half of one, which nobody has used and Derby would refuse. */
    private static void setUnfinishedAside(Path folder) throws IOException {
        Path half = folder.resolve("posthorn");
        if (!Files.exists(half)) return;
        int number = 1;
        while (Files.exists(folder.resolve("unfinished-" + number))) number++;
        Files.move(half, folder.resolve("unfinished-" + number));
    }

    DataSource dataSource() {
        return pool;
    }

    void connections(int limit) {
        pool.limit(limit);
    }

    /**
     * Shuts Derby down, and takes its driver from DriverManager, which would hold the class loader for ever. On a thread of its own, since Derby
     * leaves a ThreadLocal on the one that does it.
     */
    @Override
    public void close() {
        pool.close();
        Thread last = new Thread(this::shutDown, "database-derby-stop");
        last.start();
        try {
            last.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.clearProperty(HOME);
        System.clearProperty(LOG);
    }

    private void shutDown() {
        shutDown("jdbc:derby:" + source.getDatabaseName() + ";shutdown=true");
        shutDown("jdbc:derby:;shutdown=true;deregister=true");
    }

    private static void shutDown(String url) {
        try {
            new EmbeddedDriver().connect(url, new Properties());
        } catch (SQLException e) {
            DerbyFault.unlessStopped(e);
        }
    }
}
