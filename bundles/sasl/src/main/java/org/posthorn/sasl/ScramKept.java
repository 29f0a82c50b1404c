package org.posthorn.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import org.posthorn.api.users.ScramKeys;

/** What SCRAM needs and no more, in Dovecot's form: {@code iterations,salt,storedKey,serverKey}. */
record ScramKept(ScramKeys keys) implements Kept {

    private static final int MOST_ITERATIONS = 1_000_000;

    static Kept read(String text) {
        String[] parts = text.split(",", -1);
        Bounds.require(parts.length == 4, "not in the form iterations,salt,storedKey,serverKey");
        int iterations = Bounds.number("the number of iterations", parts[0], 4096, MOST_ITERATIONS);
        byte[] salt = Bounds.base64("the salt", parts[1]);
        byte[] stored = Bounds.base64("the stored key", parts[2]);
        byte[] server = Bounds.base64("the server key", parts[3]);
        Bounds.require(salt.length > 0 && stored.length == 32 && server.length == 32, "the keys are not of 32 octets");
        return new ScramKept(new ScramKeys(salt, iterations, stored, server));
    }

    static String make(byte[] password, SecureRandom random) {
        ScramKeys keys = Scram.keys(
                new String(password, StandardCharsets.UTF_8), Passwords.salt(random), Passwords.SCRAM_ITERATIONS);
        Base64.Encoder base64 = Base64.getEncoder();
        return keys.iterations() + "," + base64.encodeToString(keys.salt()) + ","
                + base64.encodeToString(keys.storedKey()) + "," + base64.encodeToString(keys.serverKey());
    }

    @Override
    public boolean fits(byte[] password) {
        ScramKeys other = Scram.keys(new String(password, StandardCharsets.UTF_8), keys.salt(), keys.iterations());
        return MessageDigest.isEqual(other.storedKey(), keys.storedKey());
    }
}
