package org.posthorn.database.derby;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
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

    private final ConnectionPoolDataSource source;
    private final Duration patience;
    private final Deque<PooledConnection> idle = new ArrayDeque<>();
    private int limit;
    private int open;
    private boolean closed;

    /** @param patience how long to wait for a connection when all are in use */
    Pool(ConnectionPoolDataSource source, int limit, Duration patience) {
        this.source = source;
        this.limit = limit;
        this.patience = patience;
    }

    synchronized void limit(int connections) {
        limit = connections;
        notifyAll();
    }

    @Override
    public Connection getConnection() throws SQLException {
        PooledConnection taken = take();
        try {
            return guarded(taken.getConnection());
        } catch (SQLException e) {
            drop(taken);
            throw e;
        }
    }

    private PooledConnection take() throws SQLException {
        synchronized (this) {
            await();
            open++;
            if (!idle.isEmpty()) return idle.pop();
        }
        try {
            PooledConnection made = source.getPooledConnection();
            made.addConnectionEventListener(this);
            return made;
        } catch (SQLException e) {
            gone();
            throw e;
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

    private static Object call(Connection connection, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(connection, arguments);
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

    @Override
    public void connectionErrorOccurred(ConnectionEvent event) {
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
        idle.forEach(Pool::discard);
        idle.clear();
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
