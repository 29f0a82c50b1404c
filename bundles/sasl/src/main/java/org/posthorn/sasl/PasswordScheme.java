package org.posthorn.sasl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/** How a password is kept. The label stands in braces before the hash, in the words of Dovecot's passdb. */
public enum PasswordScheme {
    ARGON2ID("ARGON2ID", Argon2id::read, Argon2id::make),
    BLF_CRYPT("BLF-CRYPT", Bcrypt::read, Bcrypt::make),
    SHA512_CRYPT("SHA512-CRYPT", ShaCrypt.SHA512::read, ShaCrypt.SHA512::make),
    SHA256_CRYPT("SHA256-CRYPT", ShaCrypt.SHA256::read, ShaCrypt.SHA256::make),
    PBKDF2("PBKDF2", Pbkdf2::read, Pbkdf2::make),
    SCRAM_SHA_256("SCRAM-SHA-256", ScramKept::read, ScramKept::make),
    SSHA512("SSHA512", h -> SaltedDigest.read("SHA-512", h), (p, r) -> SaltedDigest.make("SHA-512", p, r)),
    SSHA256("SSHA256", h -> SaltedDigest.read("SHA-256", h), (p, r) -> SaltedDigest.make("SHA-256", p, r)),
    SSHA("SSHA", h -> SaltedDigest.read("SHA-1", h), (p, r) -> SaltedDigest.make("SHA-1", p, r)),
    PLAIN("PLAIN", PasswordScheme::plain, (p, r) -> new String(p, StandardCharsets.UTF_8));

    private interface Maker {
        String make(byte[] password, SecureRandom random) throws IOException;
    }

    private final String label;
    private final Function<String, Kept> reader;
    private final Maker maker;

    PasswordScheme(String label, Function<String, Kept> reader, Maker maker) {
        this.label = label;
        this.reader = reader;
        this.maker = maker;
    }

    /** As it stands between the braces. */
    public String label() {
        return label;
    }

    /** The scheme of that label; case does not count. */
    public static Optional<PasswordScheme> of(String label) {
        return Arrays.stream(values())
                .filter(s -> s.label.equalsIgnoreCase(label))
                .findFirst();
    }

    /** @throws IllegalArgumentException with the reason, when it is not in the form of this scheme or costs too much to check */
    Kept read(String hash) {
        return reader.apply(hash);
    }

    String make(byte[] password, SecureRandom random) throws IOException {
        return maker.make(password, random);
    }

    private static Kept plain(String hash) {
        byte[] kept = hash.getBytes(StandardCharsets.UTF_8);
        return password -> MessageDigest.isEqual(kept, password);
    }
}
