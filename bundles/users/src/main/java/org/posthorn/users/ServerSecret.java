package org.posthorn.users;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The key under which this bundle hashes, in a file that nobody else can read. Made when it is needed first, and forced to disk then. Safe for several threads. */
@Component(service = ServerSecret.class)
public final class ServerSecret {

    private static final String FORM = "posthorn-secret 1 ";

    private final Path file;
    private final SecureRandom random = new SecureRandom();
    private byte[] secret;

    @Activate
    public ServerSecret(BundleContext context) {
        this(Path.of(context.getProperty("posthorn.data")));
    }

    /** @param data the server's data folder */
    ServerSecret(Path data) {
        file = data.resolve("users/secret");
    }

    /** HMAC-SHA-256 of a text under the secret. @throws IOException when the file is damaged or cannot be read or written; it names the file */
    byte[] hash(String text) throws IOException {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret(), "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized byte[] secret() throws IOException {
        if (secret == null) secret = Files.exists(file) ? read() : make();
        return secret;
    }

    private byte[] read() throws IOException {
        String text = Files.readString(file).strip();
        try {
            byte[] octets = Base64.getDecoder().decode(text.substring(Math.min(FORM.length(), text.length())));
            if (text.startsWith(FORM) && octets.length == 32) return octets;
        } catch (IllegalArgumentException notBase64) {
            throw new IOException(file + " is damaged; remove it", notBase64);
        }
        throw new IOException(file + " is damaged or of another version; remove it");
    }

    /** Written beside and renamed, so that it is there whole or not at all. */
    private byte[] make() throws IOException {
        byte[] octets = new byte[32];
        random.nextBytes(octets);
        Files.createDirectories(file.getParent());
        force(file.getParent().getParent());
        Path beside = Files.createTempFile(
                file.getParent(),
                "secret",
                ".tmp",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(beside, FORM + Base64.getEncoder().encodeToString(octets) + "\n");
            force(beside);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
        force(file.getParent());
        return octets;
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
