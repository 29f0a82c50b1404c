package org.posthorn.http;

import java.io.IOException;
import java.util.Hashtable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.apache.felix.http.base.internal.HttpServiceController;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.SizeLimitHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jetty, with the dispatcher of the whiteboard as its one servlet. It has no connectors of its own: each {@link Opening} adds one. */
final class Jetty {

    private static final Logger LOG = LoggerFactory.getLogger(Jetty.class);

    private static final int MOST_THREADS = 200;
    private static final int LEAST_THREADS = 4;

    /** Octets a second that a body comes with at least, on average: who sends it drop by drop keeps a thread. */
    private static final int SLOWEST = 32;

    private static final int STOP_MILLIS = 2000;

    private final Server server;
    private final Supplier<Settings> settings;
    private final Crowd crowd;
    private final Heads heads;
    private final HttpServiceController whiteboard;
    private final ServletContextHandler context = new ServletContextHandler("/", ServletContextHandler.NO_SESSIONS);
    private final HttpConfiguration clear = new HttpConfiguration();
    private final HttpConfiguration secure = new HttpConfiguration();
    private final SecureRequestCustomizer customizer = new SecureRequestCustomizer(false);

    /** @param settings those in force now */
    Jetty(BundleContext bundle, Supplier<Settings> settings) {
        this.settings = settings;
        whiteboard = new HttpServiceController(bundle);
        crowd = new Crowd(settings, System::nanoTime);
        heads = new Heads(() -> settings.get().idle(), System::nanoTime);
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, LEAST_THREADS);
        threads.setName("http");
        threads.setDaemon(true);
        server = new Server(threads);
        server.setStopTimeout(STOP_MILLIS);
        ServletHolder holder = new ServletHolder(whiteboard.createDispatcherServlet());
        holder.setAsyncSupported(true);
        context.addServlet(holder, "/*");
        SizeLimitHandler limit = new SizeLimitHandler(settings.get().maxRequest(), -1);
        limit.setHandler(context);
        server.setHandler(limit);
        ErrorPage page = new ErrorPage();
        server.setErrorHandler(page);
        context.setErrorHandler(page);
        clear.addCustomizer((request, headers) -> InClear.of(request));
        secure.addCustomizer(customizer);
        use(settings.get());
    }

    /** For connections from now on. */
    void use(Settings now) {
        for (HttpConfiguration some : new HttpConfiguration[] {clear, secure}) {
            some.setSendServerVersion(false);
            some.setSendXPoweredBy(false);
            some.setSendDateHeader(true);
            some.setRequestHeaderSize(now.maxHeader());
            some.setMinRequestDataRate(SLOWEST);
        }
        customizer.setStsMaxAge(now.hsts().isZero() ? -1 : now.hsts().toSeconds());
    }

    void start() throws Exception {
        server.start();
        whiteboard.register(context.getServletContext(), new Hashtable<>());
        lookAtHeads();
    }

    /** Until the server stops, and its scheduler with it. */
    private void lookAtHeads() {
        server.getScheduler()
                .schedule(
                        () -> {
                            try {
                                heads.look();
                            } finally {
                                lookAtHeads();
                            }
                        },
                        heads.interval().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /** Listens there. @param keys the certificate as it is now */
    Runnable listen(Settings.Want want, Supplier<SSLContext> keys) throws IOException {
        ServerConnector connector = new ServerConnector(server, 0, 1, factories(want, keys));
        connector.setHost(
                want.address().getAddress().isAnyLocalAddress()
                        ? null
                        : want.address().getAddress().getHostAddress());
        connector.setPort(want.address().getPort());
        connector.setIdleTimeout(settings.get().idle().toMillis());
        connector.addBean(crowd, false);
        connector.addBean(heads, false);
        connector.open();
        try {
            server.addConnector(connector);
            connector.start();
        } catch (Exception e) {
            end(connector);
            throw new IOException(e);
        }
        return () -> end(connector);
    }

    private ConnectionFactory[] factories(Settings.Want want, Supplier<SSLContext> keys) {
        if (!want.tls()) return new ConnectionFactory[] {new HttpConnectionFactory(clear)};
        return new ConnectionFactory[] {
            new SslConnectionFactory(new Tls(keys), HttpVersion.HTTP_1_1.asString()), new HttpConnectionFactory(secure)
        };
    }

    private void end(ServerConnector connector) {
        try {
            connector.stop();
        } catch (Exception e) {
            LOG.warn("{} does not stop cleanly", connector, e);
        } finally {
            connector.close();
            server.removeConnector(connector);
        }
    }

    void stop() {
        try {
            whiteboard.stop();
            server.stop();
        } catch (Exception e) {
            LOG.warn("Jetty does not stop cleanly", e);
        } finally {
            server.destroy();
        }
    }
}
