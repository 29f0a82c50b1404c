package org.posthorn.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.posthorn.api.users.ScramKeys;

/** The arithmetic of SCRAM-SHA-256, RFC 5802 3 with RFC 7677. */
final class Scram {

    private Scram() {}

    static ScramKeys keys(String password, byte[] salt, int iterations) {
        String prepared = SaslPrep.prepare(password).orElse(password);
        byte[] salted = Hmac.pbkdf2("HmacSHA256", prepared.getBytes(StandardCharsets.UTF_8), salt, iterations);
        byte[] clientKey = Hmac.sha256(salted, utf8("Client Key"));
        return new ScramKeys(salt, iterations, sha256(clientKey), Hmac.sha256(salted, utf8("Server Key")));
    }

    /** Whether the proof was made by one who knows the password: H(proof ^ signature) is the stored key. */
    static boolean proves(byte[] proof, String authMessage, ScramKeys keys) {
        byte[] signature = Hmac.sha256(keys.storedKey(), utf8(authMessage));
        if (proof.length != signature.length) return false;
        byte[] clientKey = new byte[proof.length];
        for (int i = 0; i < proof.length; i++) clientKey[i] = (byte) (proof[i] ^ signature[i]);
        return MessageDigest.isEqual(sha256(clientKey), keys.storedKey());
    }

    static byte[] serverSignature(String authMessage, ScramKeys keys) {
        return Hmac.sha256(keys.serverKey(), utf8(authMessage));
    }

    private static byte[] sha256(byte[] octets) {
        return Hmac.digest("SHA-256").digest(octets);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
