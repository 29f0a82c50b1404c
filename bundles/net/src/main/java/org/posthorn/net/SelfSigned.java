package org.posthorn.net;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a key and a certificate that nobody vouches for, so that a new server has TLS from its first minute. */
final class SelfSigned {

    private static final Logger LOG = LoggerFactory.getLogger(SelfSigned.class);
    private static final int DAYS = 3650;

    private final SecureRandom random;
    private final Instant now;

    SelfSigned(SecureRandom random, Instant now) {
        this.random = random;
        this.now = now;
    }

    /** The pair in that folder, made if it is not there. */
    static TlsKeys.FilePair in(Path folder, String host) {
        TlsKeys.FilePair pair = new TlsKeys.FilePair(folder.resolve("certificate.pem"), folder.resolve("key.pem"));
        if (Files.exists(pair.certificate()) && Files.exists(pair.key())) return pair;
        try {
            new SelfSigned(new SecureRandom(), Instant.now()).write(host, pair.certificate(), pair.key());
            LOG.warn("No certificate is configured, so a self-signed one for {} was made in {}", host, folder);
        } catch (IOException | GeneralSecurityException e) {
            LOG.error("No self-signed certificate can be made in {}", folder, e);
        }
        return pair;
    }

    /** Writes both files; the key, which only the server's user may read, first. */
    void write(String host, Path certificate, Path key) throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        KeyPair pair = generator.generateKeyPair();
        Files.createDirectories(key.getParent());
        write(key, Pem.write("PRIVATE KEY", pair.getPrivate().getEncoded()));
        write(certificate, Pem.write("CERTIFICATE", sign(host, pair)));
    }

    private byte[] sign(String host, KeyPair pair) throws IOException, GeneralSecurityException {
        X500Name name =
                new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, host).build();
        GeneralNames names = new GeneralNames(new GeneralName[] {
            new GeneralName(GeneralName.dNSName, host),
            new GeneralName(GeneralName.dNSName, "localhost"),
            new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
            new GeneralName(GeneralName.iPAddress, "::1")
        });
        try {
            return new JcaX509v3CertificateBuilder(
                            name,
                            new BigInteger(127, random),
                            Date.from(now.minus(1, ChronoUnit.DAYS)),
                            Date.from(now.plus(DAYS, ChronoUnit.DAYS)),
                            name,
                            pair.getPublic())
                    .addExtension(Extension.subjectAlternativeName, false, names)
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
                    .getEncoded();
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private static void write(Path file, String text) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(beside);
        Files.createFile(beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(beside, text, StandardOpenOption.WRITE);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
