package org.posthorn.http;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.posthorn.api.net.ServerKeys;

/** What TLS is made of, from the certificate of the moment. Safe for several threads. */
final class Certificate {

    private final Supplier<Optional<ServerKeys.Pair>> now;
    private ServerKeys.Pair used;
    private SSLContext context;

    Certificate(Supplier<Optional<ServerKeys.Pair>> now) {
        this.now = now;
    }

    /** For one connection. Where the certificate is away for the moment, the one before serves. @throws IllegalStateException when there is none yet */
    synchronized SSLContext context() {
        Optional<ServerKeys.Pair> pair = now.get();
        if (pair.isPresent() && pair.get() != used) use(pair.get());
        if (context == null) throw new IllegalStateException("there is no certificate for TLS");
        return context;
    }

    private void use(ServerKeys.Pair pair) {
        try {
            context = context(pair);
            used = pair;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("the certificate of " + pair + " cannot be used", e);
        }
    }

    private static SSLContext context(ServerKeys.Pair pair) throws IOException, GeneralSecurityException {
        // Of memory alone, so what protects the key is worth nothing here.
        KeyStore store = KeyStore.getInstance("JKS");
        store.load(null, null);
        store.setKeyEntry("server", pair.secret(), new char[0], pair.chain().toArray(new X509Certificate[0]));
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        // Nobody is asked for a certificate, so nobody need be trusted; the JVM's list would take its time to load.
        context.init(managers.getKeyManagers(), new TrustManager[0], null);
        return context;
    }
}
