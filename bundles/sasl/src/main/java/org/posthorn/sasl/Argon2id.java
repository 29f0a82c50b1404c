package org.posthorn.sasl;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Argon2id, RFC 9106, as {@code $argon2id$v=19$m=7168,t=5,p=1$salt$hash}. */
record Argon2id(int memory, int passes, int lanes, byte[] salt, byte[] hash) implements Kept {

    /** In KiB: what all checks that run at once may hold together. A check that needs more waits for others. */
    private static final int MEMORY = 65_536;

    static final Semaphore ROOM = new Semaphore(MEMORY, true);

    /** In seconds. Whoever waits holds a worker of the protocols, which others need. */
    private static final int PATIENCE = 3;

    static Kept read(String text) {
        String[] parts = text.split("\\$", -1);
        Bounds.require(
                parts.length == 6 && parts[1].equals("argon2id"), "not in the form $argon2id$v=19$m=,t=,p=$salt$hash");
        Bounds.require(parts[2].equals("v=19"), "not version 19 of Argon2");
        String[] costs = parts[3].split(",", -1);
        Bounds.require(costs.length == 3, "no costs m=,t=,p=");
        int lanes = cost("p", costs[2], 16);
        int memory = cost("m", costs[0], MEMORY);
        Bounds.require(memory >= 8 * lanes, "m is less than 8 for each lane");
        Argon2id kept = new Argon2id(
                memory,
                cost("t", costs[1], 16),
                lanes,
                Bounds.base64("the salt", parts[4]),
                Bounds.base64("the hash", parts[5]));
        Bounds.require(kept.salt.length >= 8 && kept.salt.length <= 64, "the salt is not of 8 to 64 octets");
        Bounds.require(kept.hash.length >= 12 && kept.hash.length <= 128, "the hash is not of 12 to 128 octets");
        return kept;
    }

    /** With the second of the settings that OWASP's cheat sheet holds for equal: little memory, so that many can log in at once. */
    static String make(byte[] password, SecureRandom random) throws IOException {
        Argon2id costs = new Argon2id(7168, 5, 1, Passwords.salt(random), new byte[32]);
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + costs.memory + ",t=" + costs.passes + ",p=" + costs.lanes + "$"
                + base64.encodeToString(costs.salt) + "$" + base64.encodeToString(costs.of(password));
    }

    @Override
    public boolean fits(byte[] password) throws IOException {
        return MessageDigest.isEqual(of(password), hash);
    }

    private byte[] of(byte[] password) throws IOException {
        Argon2Parameters parameters = new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memory)
                .withIterations(passes)
                .withParallelism(lanes)
                .withSalt(salt)
                .build();
        byte[] result = new byte[hash.length];
        enter(memory);
        try {
            Argon2BytesGenerator generator = new Argon2BytesGenerator();
            generator.init(parameters);
            generator.generateBytes(password, result);
        } finally {
            ROOM.release(memory);
        }
        return result;
    }

    private static void enter(int memory) throws IOException {
        try {
            if (!ROOM.tryAcquire(memory, PATIENCE, TimeUnit.SECONDS))
                throw new IOException("more passwords are being checked than there is room for");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the check of a password was broken off");
        }
    }

    private static int cost(String name, String text, int most) {
        Bounds.require(text.startsWith(name + "="), "no cost " + name);
        return Bounds.number("the cost " + name, text.substring(2), 1, most);
    }
}
