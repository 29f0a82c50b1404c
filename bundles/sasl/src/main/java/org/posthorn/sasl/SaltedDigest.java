package org.posthorn.sasl;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/** One digest of password and salt, as LDAP servers keep it: the base64 of digest and salt. Fast to guess; read for those who move here. */
final class SaltedDigest {

    private SaltedDigest() {}

    static Kept read(String algorithm, String text) {
        byte[] octets = Bounds.base64("the hash", text);
        int length = Hmac.digest(algorithm).getDigestLength();
        Bounds.require(octets.length > length && octets.length <= length + 64, "not a digest and a salt");
        byte[] salt = Arrays.copyOfRange(octets, length, octets.length);
        byte[] digest = Arrays.copyOf(octets, length);
        return password -> MessageDigest.isEqual(of(algorithm, password, salt), digest);
    }

    static String make(String algorithm, byte[] password, SecureRandom random) {
        byte[] salt = Passwords.salt(random);
        byte[] digest = of(algorithm, password, salt);
        byte[] both = Arrays.copyOf(digest, digest.length + salt.length);
        System.arraycopy(salt, 0, both, digest.length, salt.length);
        return Base64.getEncoder().encodeToString(both);
    }

    private static byte[] of(String algorithm, byte[] password, byte[] salt) {
        MessageDigest digest = Hmac.digest(algorithm);
        digest.update(password);
        return digest.digest(salt);
    }
}
