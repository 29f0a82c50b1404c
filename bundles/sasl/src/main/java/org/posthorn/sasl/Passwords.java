package org.posthorn.sasl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import org.posthorn.api.users.ScramKeys;

/**
 * Makes and checks passwords as they are kept: {@code {SCHEME}hash}, or a hash that says itself what it is ({@code $argon2id$},
 * {@code $2y$}, {@code $6$}, {@code $5$}). Safe for several threads; the time and the memory of a check are bounded, whatever is kept.
 */
public final class Passwords {

    /** The iterations of new SCRAM keys; the invented keys of unknown users must have as many. */
    public static final int SCRAM_ITERATIONS = 10_000;

    /** The longest password that is looked at, in octets of UTF-8; longer ones fit nothing. */
    public static final int LONGEST = 1024;

    private final SecureRandom random;

    /** @param random where salts come from */
    public Passwords(SecureRandom random) {
        this.random = random;
    }

    /**
     * Whether the password is the one that is kept. What cannot be read fits no password; {@link #fault} tells why.
     *
     * @throws IOException when so many are being checked that it cannot be told now
     */
    public static boolean verify(String password, String kept) throws IOException {
        byte[] octets = password.getBytes(StandardCharsets.UTF_8);
        try {
            return octets.length <= LONGEST && read(kept).fits(octets);
        } catch (IllegalArgumentException unreadable) {
            return false;
        }
    }

    /** Why this would fit no password at all, in words that do not repeat it; empty when it is as it should be. */
    public static Optional<String> fault(String kept) {
        try {
            read(kept);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** The SCRAM keys that can be had from what is kept: of {@code {SCRAM-SHA-256}}. */
    public static Optional<ScramKeys> keptScramKeys(String kept) {
        try {
            return read(kept) instanceof ScramKept scram ? Optional.of(scram.keys()) : Optional.empty();
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    /** The password as it is to be kept, braces included, with a new salt. @throws IllegalArgumentException when it is too long or empty */
    public String hash(String password, PasswordScheme scheme) throws IOException {
        return "{" + scheme.label() + "}" + scheme.make(octets(password), random);
    }

    /** The keys for SCRAM-SHA-256 of a password, with a new salt. */
    public ScramKeys scramKeys(String password) {
        octets(password);
        return Scram.keys(password, salt(random), SCRAM_ITERATIONS);
    }

    static byte[] salt(SecureRandom random) {
        byte[] salt = new byte[16];
        random.nextBytes(salt);
        return salt;
    }

    private static byte[] octets(String password) {
        byte[] octets = password.getBytes(StandardCharsets.UTF_8);
        if (octets.length == 0) throw new IllegalArgumentException("the password is empty");
        if (octets.length > LONGEST) throw new IllegalArgumentException("the password is longer than " + LONGEST);
        return octets;
    }

    private static Kept read(String kept) {
        int end = kept.indexOf('}');
        if (!kept.startsWith("{") || end < 0) return unlabelled(kept);
        String label = kept.substring(1, end);
        String hash = kept.substring(end + 1);
        if (label.equalsIgnoreCase("CRYPT")) return unlabelled(hash);
        return PasswordScheme.of(label)
                .orElseThrow(() -> new IllegalArgumentException("there is no scheme {" + label + "} here"))
                .read(hash);
    }

    private static Kept unlabelled(String hash) {
        if (hash.startsWith("$argon2id$")) return Argon2id.read(hash);
        if (hash.startsWith("$2")) return Bcrypt.read(hash);
        if (hash.startsWith("$5$")) return ShaCrypt.SHA256.read(hash);
        if (hash.startsWith("$6$")) return ShaCrypt.SHA512.read(hash);
        throw new IllegalArgumentException("neither a scheme in braces nor a hash that says what it is");
    }
}
