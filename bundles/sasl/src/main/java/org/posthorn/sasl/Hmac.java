package org.posthorn.sasl;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Hashes that every Java has. */
final class Hmac {

    private Hmac() {}

    static byte[] sha256(byte[] key, byte[] text) {
        return of("HmacSHA256", key).doFinal(text);
    }

    /** RFC 8018 5.2, for one block and less: U1 ^ U2 ^ … of the HMAC. */
    static byte[] pbkdf2(String algorithm, byte[] password, byte[] salt, int iterations) {
        Mac mac = of(algorithm, password);
        mac.update(salt);
        byte[] u = mac.doFinal(new byte[] {0, 0, 0, 1});
        byte[] sum = u.clone();
        for (int i = 1; i < iterations; i++) {
            u = mac.doFinal(u);
            for (int j = 0; j < sum.length; j++) sum[j] ^= u[j];
        }
        return sum;
    }

    static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Mac of(String algorithm, byte[] key) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            // The JDK takes no empty key; to the HMAC one zero octet is the same, RFC 2104 2.
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, algorithm));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
