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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A booted database. Its folder holds {@code format}, written when the database is whole, {@code open}, there until it is closed well, and {@code
 * posthorn}, which is Derby's own. One that is damaged is set aside, and another is begun. There can be one in a process, because Derby is set up by
 * system properties.
 */
final class Derby implements AutoCloseable {

    private static final String FORMAT = "posthorn-database 1\n";
    private static final String HOME = "derby.system.home";
    private static final String ERRORS = "derby.stream.error.file";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(Derby.class);

    private final Path folder;
    private final EmbeddedConnectionPoolDataSource source = new EmbeddedConnectionPoolDataSource();
    private final Pool pool;
    private long looked = System.nanoTime() - LOOK.toNanos();

    private Derby(Path folder, int connections) {
        this.folder = folder;
        source.setDatabaseName(folder.resolve("posthorn").toString());
        pool = new Pool(source, connections, PATIENCE, this::reboot);
    }

    /** Boots the database of that folder, which is made when it is not there. @throws IOException with a line for the administrator */
    static Derby boot(Path folder, Path log, int connections) throws IOException {
        Files.createDirectories(folder);
        if (log.getParent() != null) Files.createDirectories(log.getParent());
        try {
            return wholeOrAnother(folder, log, connections);
        } catch (SQLException | IOException | RuntimeException e) {
            throw new IOException(DerbyFault.explain(folder, e), e);
        }
    }

    /** Where another fails as well, the files of the first were not to blame: no more than one is set aside. */
    private static Derby wholeOrAnother(Path folder, Path log, int connections) throws IOException, SQLException {
        try {
            return begin(folder, log, connections);
        } catch (SQLException e) {
            Wreck wreck = new Wreck(folder);
            if (!DerbyFault.damage(e) || !wreck.reachable()) throw e;
            wreck.setAside(DerbyFault.explain(folder, e));
            return begin(folder, log, connections);
        }
    }

    private static Derby begin(Path folder, Path log, int connections) throws IOException, SQLException {
        Derby derby = new Derby(folder, connections);
        try {
            return derby.open(log);
        } catch (SQLException | IOException | RuntimeException e) {
            derby.shutDownAll();
            throw e;
        }
    }

    private Derby open(Path log) throws IOException, SQLException {
        whereItWrites(folder, log);
        Path format = folder.resolve("format");
        boolean begun = Files.exists(folder.resolve("posthorn"));
        if (Files.exists(format)) checkFormat(format);
        else if (!begun) source.setCreateDatabase("create");
        pool.getConnection().close();
        Path open = folder.resolve("open");
        if (Files.exists(open)) Tables.check(pool);
        else Files.createFile(open);
        if (Files.notExists(format)) Files.writeString(format, FORMAT);
        return this;
    }

    /** To be called before anything of Derby is: it reads that once, and would write into the current directory. */
    static void whereItWrites(Path folder, Path log) {
        System.setProperty(HOME, folder.toString());
        System.setProperty(ERRORS, log.toString());
    }

    /**
     * Derby that cannot write its files, as on a full disk, boots and lets them be read only, and stays so. Shuts it down when they can be written
     * again.
     */
    private synchronized boolean reboot() {
        long now = System.nanoTime();
        if (now - looked < LOOK.toNanos() || !Wreck.writable(folder)) return false;
        looked = now;
        LOG.warn("The database {} could only be read; since it can be written again, it is opened anew", folder);
        shutDown("jdbc:derby:" + source.getDatabaseName() + ";shutdown=true");
        return true;
    }

    private static void checkFormat(Path format) throws IOException {
        String found = Files.readString(format);
        if (!found.equals(FORMAT))
            throw new IOException("is of a form that this version cannot read (" + found.strip() + ")");
    }

    DataSource dataSource() {
        return pool;
    }

    void connections(int limit) {
        pool.limit(limit);
    }

    /** Shuts Derby down; what is asked for meanwhile fails. */
    @Override
    public void close() {
        shutDownAll();
        try {
            // After trouble the next boot looks through it.
            if (!pool.troubled()) Files.deleteIfExists(folder.resolve("open"));
        } catch (IOException e) {
            LOG.warn("The database {} was not closed well, the next start looks through it: {}", folder, e.toString());
        }
    }

    private void shutDownAll() {
        pool.close();
        onThreadOfItsOwn(() -> shutDown("jdbc:derby:" + source.getDatabaseName() + ";shutdown=true"));
        endEngine();
        System.clearProperty(HOME);
        System.clearProperty(ERRORS);
    }

    /** Ends all of Derby, and takes its driver from DriverManager, which would hold the class loader for ever. */
    static void endEngine() {
        onThreadOfItsOwn(() -> shutDown("jdbc:derby:;shutdown=true;deregister=true"));
    }

    /** Derby leaves a ThreadLocal on the thread that shuts it down. */
    private static void onThreadOfItsOwn(Runnable end) {
        Thread last = new Thread(end, "database-derby-stop");
        last.start();
        try {
            last.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void shutDown(String url) {
        try {
            new EmbeddedDriver().connect(url, new Properties());
        } catch (SQLException e) {
            DerbyFault.unlessStopped(e);
        }
    }
}
