package org.posthorn.http;

import java.net.InetSocketAddress;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** The server's certificate as it is now, for each new connection. */
final class Tls extends SslContextFactory.Server {

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final Supplier<SSLContext> now;

    Tls(Supplier<SSLContext> now) {
        this.now = now;
        setSslContext(now.get());
    }

    @Override
    public SSLEngine newSSLEngine() {
        SSLEngine engine = now.get().createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(PROTOCOLS);
        return engine;
    }

    @Override
    public SSLEngine newSSLEngine(InetSocketAddress address) {
        return newSSLEngine();
    }

    @Override
    public SSLEngine newSSLEngine(String host, int port) {
        return newSSLEngine();
    }
}
