package org.posthorn.delivery.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/** TLS as the one who connects: with anybody, or with the one who has that name. */
final class TlsClient {

    private final SSLContext anybody;
    private final Optional<Path> trust;
    private SSLContext known;

    /** @param trust certificates that are believed besides those that the JVM believes */
    TlsClient(Optional<Path> trust) {
        this.trust = trust;
        this.anybody = context(new Anybody());
    }

    /** The socket with TLS over it; the handshake is done. */
    SSLSocket over(Socket socket, String host, boolean onlyThat) throws IOException {
        SSLContext context = onlyThat ? known() : anybody;
        SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, host, socket.getPort(), true);
        tls.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        if (onlyThat) {
            SSLParameters parameters = tls.getSSLParameters();
            // The rules of RFC 6125, by the name under which Java has them.
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            tls.setSSLParameters(parameters);
        }
        tls.startHandshake();
        return tls;
    }

    /** Reads the certificates that are believed. */
    void prepare() throws IOException {
        known();
    }

    private synchronized SSLContext known() throws IOException {
        if (known == null) known = context(trustManager());
        return known;
    }

    private static SSLContext context(TrustManager trusted) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trusted}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has TLS", e);
        }
    }

    private TrustManager trustManager() throws IOException {
        try {
            if (trust.isEmpty()) return manager(null);
            KeyStore all = KeyStore.getInstance("PKCS12");
            all.load(null, null);
            for (X509Certificate root : manager(null).getAcceptedIssuers()) add(all, root);
            try (InputStream in = Files.newInputStream(trust.get())) {
                for (Certificate more : CertificateFactory.getInstance("X.509").generateCertificates(in))
                    add(all, more);
            }
            return manager(all);
        } catch (GeneralSecurityException e) {
            throw new IOException("the trusted certificates cannot be read: " + e.getMessage(), e);
        }
    }

    private static void add(KeyStore all, Certificate certificate) throws GeneralSecurityException {
        all.setCertificateEntry(String.valueOf(all.size()), certificate);
    }

    private static X509TrustManager manager(KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return (X509TrustManager) factory.getTrustManagers()[0];
    }

    /** Believes whoever is there: encryption against those who listen, RFC 7435. */
    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
