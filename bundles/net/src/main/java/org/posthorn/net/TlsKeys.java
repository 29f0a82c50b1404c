package org.posthorn.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import org.posthorn.api.net.ServerKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate and its key. New files count for new connections, once both are there and belong together; until then, and for connections that are
 * open, the ones before stay.
 */
final class TlsKeys {

    private static final Logger LOG = LoggerFactory.getLogger(TlsKeys.class);
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA", "RSASSA-PSS", "RSASSA-PSS");
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final int SESSIONS_REMEMBERED = 2000;

    private record Stamp(FileTime time, long size, Object file) {
        static Stamp of(Path path) throws IOException {
            var attributes = Files.readAttributes(path, java.nio.file.attribute.BasicFileAttributes.class);
            return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        }
    }

    private record Stamps(Stamp certificate, Stamp key) {}

    /** Where the certificate and its key lie. */
    record FilePair(Path certificate, Path key) {}

    private FilePair files;
    private volatile SSLContext context;
    private volatile ServerKeys.Pair pair;
    private String fault = "";
    private Stamps seen;

    /** Other files from now on. */
    synchronized void use(FilePair others) {
        if (!others.equals(files)) seen = null;
        files = others;
        look();
    }

    /** What new connections use; empty as long as no certificate could be read. */
    Optional<SSLContext> context() {
        return Optional.ofNullable(context);
    }

    /** The same, for who makes connections himself. */
    Optional<ServerKeys.Pair> pair() {
        return Optional.ofNullable(pair);
    }

    /** TLS for one connection. */
    Optional<SSLEngine> engine() {
        return context().map(now -> {
            SSLEngine engine = now.createSSLEngine();
            engine.setUseClientMode(false);
            engine.setEnabledProtocols(PROTOCOLS);
            return engine;
        });
    }

    /** Why there is no TLS; empty when there is. */
    synchronized Optional<String> fault() {
        return context != null ? Optional.empty() : Optional.of(refused());
    }

    private String refused() {
        return "TLS cannot use the certificate " + files.certificate + " with the key " + files.key + ": " + fault;
    }

    /** Reads the files if they have changed. */
    synchronized void look() {
        try {
            Stamps now = new Stamps(Stamp.of(files.certificate), Stamp.of(files.key));
            if (now.equals(seen)) return;
            seen = now;
            load();
        } catch (NoSuchFileException e) {
            report("there is no file " + e.getMessage());
        } catch (IOException | GeneralSecurityException | RuntimeException | OutOfMemoryError e) {
            // What a parser makes of strange files must not end the clock that looks again.
            report(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private void report(String what) {
        if (what.equals(fault)) return;
        fault = what;
        LOG.error("{}; {}", refused(), context == null ? "there is no TLS" : "the one before stays");
    }

    private void load() throws IOException, GeneralSecurityException {
        X509Certificate[] chain = Pem.certificates(files.certificate);
        PrivateKey secret = Pem.key(files.key);
        match(chain[0], secret);
        boolean first = context == null;
        context = context(chain, secret);
        pair = new ServerKeys.Pair(List.of(chain), secret);
        fault = "";
        LOG.info(
                "{} the certificate of {}, SHA-256 {}",
                first ? "TLS uses" : "TLS now uses",
                chain[0].getSubjectX500Principal(),
                fingerprint(chain[0]));
    }

    /** @throws GeneralSecurityException when they do not belong together */
    static void match(X509Certificate certificate, PrivateKey secret) throws GeneralSecurityException {
        if (!belong(certificate.getPublicKey(), secret))
            throw new GeneralSecurityException("the key is not the certificate's");
    }

    private static boolean belong(PublicKey open, PrivateKey secret) throws GeneralSecurityException {
        if (!open.getAlgorithm().equals(secret.getAlgorithm())) return false;
        String algorithm = SIGNATURES.get(secret.getAlgorithm());
        if (algorithm == null || algorithm.equals("RSASSA-PSS")) return true;
        byte[] text = {1, 2, 3};
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(secret);
        signer.update(text);
        byte[] signature = signer.sign();
        signer.initVerify(open);
        signer.update(text);
        return signer.verify(signature);
    }

    private static SSLContext context(X509Certificate[] chain, PrivateKey secret)
            throws IOException, GeneralSecurityException {
        // Of memory alone, so what protects the key is worth nothing here; that of PKCS #12 would cost each start
        // 20,000 rounds of HMAC.
        KeyStore store = KeyStore.getInstance("JKS");
        store.load(null, null);
        store.setKeyEntry("server", secret, new char[0], chain);
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        // Nobody is asked for a certificate, so nobody need be trusted; the JVM's list would take its time to load.
        context.init(managers.getKeyManagers(), new TrustManager[0], null);
        context.getServerSessionContext().setSessionCacheSize(SESSIONS_REMEMBERED);
        return context;
    }

    static String fingerprint(X509Certificate certificate) throws GeneralSecurityException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        return HexFormat.ofDelimiter(":").formatHex(digest).toUpperCase(Locale.ROOT);
    }
}
