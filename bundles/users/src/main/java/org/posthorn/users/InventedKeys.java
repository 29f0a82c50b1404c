package org.posthorn.users;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.posthorn.api.users.ScramKeys;
import org.posthorn.sasl.Passwords;

/**
 * SCRAM keys of users that do not exist, the same each time, so that the exchange does not tell who does (RFC 5802 9). Made from a secret in a file
 * that nobody else can read.
 */
final class InventedKeys {

    private static final String FORM = "posthorn-secret 1 ";

    private final Path file;
    private final SecureRandom random;
    private byte[] secret;

    InventedKeys(Path file, SecureRandom random) {
        this.file = file;
        this.random = random;
    }

    ScramKeys of(String name) throws IOException {
        byte[] salt = Arrays.copyOf(hash("salt " + name), 16);
        return new ScramKeys(salt, Passwords.SCRAM_ITERATIONS, hash("stored " + name), hash("server " + name));
    }

    private byte[] hash(String text) throws IOException {
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
        Path beside = Files.createTempFile(
                file.getParent(),
                "secret",
                ".tmp",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(beside, FORM + Base64.getEncoder().encodeToString(octets) + "\n");
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        return octets;
    }
}
