package org.posthorn.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Unix crypt with SHA-256 and SHA-512, by Ulrich Drepper's specification (SHA-crypt.txt, version 0.6); the steps' numbers are its own. */
enum ShaCrypt {
    SHA256("$5$", "SHA-256"),
    SHA512("$6$", "SHA-512");

    private static final String DIGITS = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final String ROUNDS = "rounds=";
    private static final int DEFAULT_ROUNDS = 5000;
    private static final int NEW_ROUNDS = 100_000;
    private static final int MOST_ROUNDS = 1_000_000;

    private final String prefix;
    private final String algorithm;

    ShaCrypt(String prefix, String algorithm) {
        this.prefix = prefix;
        this.algorithm = algorithm;
    }

    Kept read(String text) {
        Bounds.require(text.startsWith(prefix), "does not begin with " + prefix);
        String[] parts = text.substring(prefix.length()).split("\\$", -1);
        boolean given = parts[0].startsWith(ROUNDS);
        Bounds.require(parts.length == (given ? 3 : 2), "not in the form " + prefix + "[rounds=n$]salt$hash");
        int rounds = given
                ? Bounds.number("the number of rounds", parts[0].substring(ROUNDS.length()), 1000, MOST_ROUNDS)
                : DEFAULT_ROUNDS;
        String salt = parts[parts.length - 2];
        Bounds.require(salt.length() <= 16, "the salt is longer than 16");
        byte[] hash = parts[parts.length - 1].getBytes(StandardCharsets.ISO_8859_1);
        Bounds.require(hash.length == (this == SHA256 ? 43 : 86), "the hash is not of the right length");
        return password -> MessageDigest.isEqual(
                encode(of(password, salt.getBytes(StandardCharsets.UTF_8), rounds))
                        .getBytes(StandardCharsets.ISO_8859_1),
                hash);
    }

    String make(byte[] password, SecureRandom random) {
        String salt = HexFormat.of().formatHex(Passwords.salt(random)).substring(0, 16);
        byte[] hash = of(password, salt.getBytes(StandardCharsets.UTF_8), NEW_ROUNDS);
        return prefix + ROUNDS + NEW_ROUNDS + "$" + salt + "$" + encode(hash);
    }

    private byte[] of(byte[] password, byte[] salt, int rounds) {
        byte[] start = start(password, salt);
        byte[] p = repeated(digestRepeated(password, password.length), password.length);
        byte[] s = repeated(digestRepeated(salt, 16 + (start[0] & 0xff)), salt.length);
        return rounds(start, p, s, rounds);
    }

    /** Steps 1 to 12: digest A. */
    private byte[] start(byte[] password, byte[] salt) {
        MessageDigest b = Hmac.digest(algorithm);
        b.update(password);
        b.update(salt);
        byte[] alternate = b.digest(password);
        MessageDigest a = Hmac.digest(algorithm);
        a.update(password);
        a.update(salt);
        a.update(repeated(alternate, password.length));
        for (int bits = password.length; bits > 0; bits >>= 1) a.update((bits & 1) == 1 ? alternate : password);
        return a.digest();
    }

    /** Steps 13 to 15 and 17 to 19: digests DP and DS. */
    private byte[] digestRepeated(byte[] octets, int times) {
        MessageDigest digest = Hmac.digest(algorithm);
        for (int i = 0; i < times; i++) digest.update(octets);
        return digest.digest();
    }

    /** Steps 16 and 20: sequences P and S. */
    private static byte[] repeated(byte[] digest, int length) {
        byte[] sequence = new byte[length];
        for (int i = 0; i < length; i++) sequence[i] = digest[i % digest.length];
        return sequence;
    }

    /** Step 21. */
    private byte[] rounds(byte[] start, byte[] p, byte[] s, int rounds) {
        MessageDigest digest = Hmac.digest(algorithm);
        byte[] c = start;
        for (int i = 0; i < rounds; i++) {
            boolean odd = i % 2 == 1;
            digest.update(odd ? p : c);
            if (i % 3 != 0) digest.update(s);
            if (i % 7 != 0) digest.update(p);
            digest.update(odd ? c : p);
            c = digest.digest();
        }
        return c;
    }

    /** Step 22: octets in threes, in an order that turns around, then what is left. */
    private String encode(byte[] hash) {
        StringBuilder text = new StringBuilder();
        int third = hash.length / 3;
        int[] at = {0, third, 2 * third};
        for (int i = 0; i < third; i++) {
            digits(text, hash[at[0]], hash[at[1]], hash[at[2]], 4);
            at = this == SHA256
                    ? new int[] {at[2] + 1, at[0] + 1, at[1] + 1}
                    : new int[] {at[1] + 1, at[2] + 1, at[0] + 1};
        }
        if (this == SHA256) digits(text, (byte) 0, hash[31], hash[30], 3);
        else digits(text, (byte) 0, (byte) 0, hash[63], 2);
        return text.toString();
    }

    private static void digits(StringBuilder text, byte high, byte middle, byte low, int count) {
        int bits = (high & 0xff) << 16 | (middle & 0xff) << 8 | low & 0xff;
        for (int i = 0; i < count; i++, bits >>= 6) text.append(DIGITS.charAt(bits & 63));
    }
}
