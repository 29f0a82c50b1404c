package org.posthorn.database.derby;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.logging.Logger;
import javax.sql.ConnectionEvent;
import javax.sql.ConnectionEventListener;
import javax.sql.ConnectionPoolDataSource;
import javax.sql.DataSource;
import javax.sql.PooledConnection;
import org.apache.derby.iapi.services.context.ContextManager;
import org.apache.derby.iapi.services.context.ContextService;

/**
 * So many connections and no more; whoever wants another waits for one to come back. Only connections are kept: opening one costs 200
 * microseconds, but preparing a statement that Derby has seen before costs four.
 */
final class Pool implements DataSource, ConnectionEventListener, AutoCloseable {

    private static final AtomicLong FIRSTS = new AtomicLong();

    private final ConnectionPoolDataSource source;
    private final Duration patience;
    private final BooleanSupplier reboot;
    private final Deque<PooledConnection> idle = new ArrayDeque<>();
    private int limit;
    private int open;
    private boolean closed;
    private volatile boolean troubled;

    /**
     * A pool that boots nothing anew.
     *
     * @param patience how long to wait for a connection when all are in use
     */
    Pool(ConnectionPoolDataSource source, int limit, Duration patience) {
        this(source, limit, patience, () -> false);
    }

    /** @param reboot asked when the database lets nothing be written; true when it was shut down, to boot again with the next connection */
    Pool(ConnectionPoolDataSource source, int limit, Duration patience, BooleanSupplier reboot) {
        this.source = source;
        this.limit = limit;
        this.patience = patience;
        this.reboot = reboot;
    }

    /** Where a pool comes from that may not be there yet. */
    @FunctionalInterface
    interface Place {
        DataSource pool() throws SQLException;
    }

    /** A pool that is asked for when a connection is wanted. */
    static DataSource behind(Place place) {
        return (DataSource) Proxy.newProxyInstance(
                Pool.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getDeclaringClass() != Object.class) return call(place.pool(), method, arguments);
                    return switch (method.getName()) {
                        case "equals" -> proxy == arguments[0];
                        case "hashCode" -> System.identityHashCode(proxy);
                        default -> "a pool that is on its way";
                    };
                });
    }

    synchronized void limit(int connections) {
        limit = connections;
        notifyAll();
    }

    /** @param kept whether it was in use before */
    private record Taken(PooledConnection connection, boolean kept) {}

    /** One that was kept may have died without a word, as when the thread that had it was interrupted: it is passed over. */
    @Override
    public Connection getConnection() throws SQLException {
        while (true) {
            Taken taken = take();
            try {
                Connection connection = taken.connection.getConnection();
                if (!connection.isReadOnly() || !reboot.getAsBoolean()) return guarded(connection);
                forgetIdle();
                drop(taken.connection);
            } catch (SQLException e) {
                drop(taken.connection);
                if (!taken.kept) throw e;
            }
        }
    }

    /** What idles has no database any more behind a boot. */
    private synchronized void forgetIdle() {
        idle.forEach(Pool::discard);
        idle.clear();
    }

    private Taken take() throws SQLException {
        synchronized (this) {
            await();
            open++;
            if (!idle.isEmpty()) return new Taken(idle.pop(), true);
        }
        try {
            PooledConnection made = primed(source.getPooledConnection());
            made.addConnectionEventListener(this);
            return new Taken(made, false);
        } catch (SQLException e) {
            gone();
            throw e;
        }
    }

    /**
     * The parser of a connection, made when it is first needed, keeps an exception for later use, and with it the classes of all who were on the stack:
     * that must be nobody who may be swapped.
     */
    private static PooledConnection primed(PooledConnection made) throws SQLException {
        FutureTask<Void> first = new FutureTask<>(() -> {
            try (Connection connection = made.getConnection();
                    Statement statement = connection.createStatement()) {
                // What Derby has seen before it does not parse.
                statement.execute("VALUES " + FIRSTS.incrementAndGet());
            } finally {
                leaveThread();
            }
            return null;
        });
        new Thread(first, "database-derby-first").start();
        try {
            first.get();
            return made;
        } catch (ExecutionException e) {
            discard(made);
            throw e.getCause() instanceof SQLException said ? said : new SQLException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            discard(made);
            throw new SQLTransientConnectionException("interrupted while waiting for the database", e);
        }
    }

    private void await() throws SQLException {
        long end = System.nanoTime() + patience.toNanos();
        while (open >= limit && !closed) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0)
                throw new SQLTransientConnectionException("all " + limit + " connections to the database are in use");
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                // The word that one is free may have been for this thread.
                notify();
                throw new SQLTransientConnectionException("interrupted while waiting for the database", e);
            }
        }
        if (closed) throw new SQLTransientConnectionException("the database is stopping");
    }

    private static Connection guarded(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                Pool.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("close")) return call(connection, method, arguments);
                    close(connection);
                    return null;
                });
    }

    /** Derby will not close a connection in the middle of a transaction: what nobody committed is rolled back. */
    private static void close(Connection connection) throws SQLException {
        try {
            if (!connection.isClosed() && !connection.getAutoCommit()) connection.rollback();
        } finally {
            connection.close();
            leaveThread();
        }
    }

    /**
     * Derby keeps the last connection of a thread in a ThreadLocal, which would hold this bundle's class loader as long as that thread lives. An
     * empty context in its place takes it away.
     */
    private static void leaveThread() {
        ContextService contexts = ContextService.getFactory();
        if (contexts == null) return;
        ContextManager empty = contexts.newContextManager();
        // It is made with one context in it; the last one that leaves takes it from Derby's list.
        empty.popContext();
        contexts.setCurrentContextManager(empty);
        contexts.resetCurrentContextManager(empty);
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Override
    public void connectionClosed(ConnectionEvent event) {
        PooledConnection back = (PooledConnection) event.getSource();
        boolean keep;
        synchronized (this) {
            keep = !closed && open <= limit;
            if (keep) idle.push(back);
        }
        if (keep) gone();
        else drop(back);
    }

    /** Whether a connection ever ended with an error. */
    boolean troubled() {
        return troubled;
    }

    @Override
    public void connectionErrorOccurred(ConnectionEvent event) {
        troubled = true;
        forgetIdle();
        drop((PooledConnection) event.getSource());
    }

    private void drop(PooledConnection broken) {
        broken.removeConnectionEventListener(this);
        discard(broken);
        gone();
    }

    private synchronized void gone() {
        open--;
        notify();
    }

    private static void discard(PooledConnection connection) {
        try {
            connection.close();
        } catch (SQLException alreadyGone) {
            // It is thrown away because it is broken, or because the database stops and takes it along.
            return;
        }
    }

    /** Ends the idle connections; those in use end with the database. */
    @Override
    public synchronized void close() {
        closed = true;
        forgetIdle();
        notifyAll();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("the embedded database has no users");
    }

    @Override
    public PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        throw new SQLFeatureNotSupportedException("Derby writes its own log");
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        throw new SQLFeatureNotSupportedException("the time to wait is fixed");
    }

    @Override
    public int getLoginTimeout() {
        return (int) patience.toSeconds();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("no java.util.logging here");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("not a wrapper");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
