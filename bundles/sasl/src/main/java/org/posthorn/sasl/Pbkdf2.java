package org.posthorn.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;

/** PBKDF2 with HMAC-SHA-1, RFC 8018, in Dovecot's form: {@code $1$salt$rounds$hex}. */
final class Pbkdf2 {

    private static final int MOST_ROUNDS = 2_000_000;

    private Pbkdf2() {}

    static Kept read(String text) {
        String[] parts = text.split("\\$", -1);
        Bounds.require(parts.length == 5 && parts[1].equals("1"), "not in the form $1$salt$rounds$hash");
        int rounds = Bounds.number("the number of rounds", parts[3], 1, MOST_ROUNDS);
        byte[] salt = parts[2].getBytes(StandardCharsets.UTF_8);
        Bounds.require(parts[4].length() == 40, "the hash is not of 40 digits");
        byte[] hash = HexFormat.of().parseHex(parts[4]);
        return password -> MessageDigest.isEqual(Hmac.pbkdf2("HmacSHA1", password, salt, rounds), hash);
    }

    static String make(byte[] password, SecureRandom random) {
        String salt = HexFormat.of().formatHex(Passwords.salt(random)).substring(0, 16);
        int rounds = 200_000;
        byte[] hash = Hmac.pbkdf2("HmacSHA1", password, salt.getBytes(StandardCharsets.UTF_8), rounds);
        return "$1$" + salt + "$" + rounds + "$" + HexFormat.of().formatHex(hash);
    }
}
