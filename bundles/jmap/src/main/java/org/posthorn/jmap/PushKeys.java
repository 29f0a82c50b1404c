package org.posthorn.jmap;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a client gives for encrypting all that is pushed to it, RFC 8291: a push service passes on what it cannot read.
 *
 * @param p256dh its public key for ECDH on P-256
 * @param auth 16 octets that it shares with this server
 */
record PushKeys(ECPublicKey p256dh, byte[] auth) {

    private static final int AUTH = 16;
    private static final int SALT = 16;
    private static final int KEY = 16;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final int SECRET = 32;

    /** Octets of a record, which is the whole message: RFC 8291 4 has services take 4096. */
    static final int RECORD = 4096;

    /** Octets of the longest text: a record has a tag and a delimiter besides, and the header stands before it. */
    static final int LONGEST = RECORD - SALT - 5 - P256.OCTETS - TAG_BITS / 8 - 1;

    /** @throws IllegalArgumentException when they are none; the message is for people */
    static PushKeys of(String p256dh, String auth) {
        byte[] secret = decoded(auth);
        if (secret.length != AUTH) throw new IllegalArgumentException("auth has not " + AUTH + " octets");
        return new PushKeys(P256.publicKey(decoded(p256dh)), secret);
    }

    private static byte[] decoded(String base64) {
        // Some write the padding.
        return Base64.getUrlDecoder().decode(base64);
    }

    /** A text in the content coding {@code aes128gcm}, with a key and a salt that nothing else has. */
    byte[] encrypted(byte[] text, SecureRandom random) {
        byte[] salt = new byte[SALT];
        random.nextBytes(salt);
        return encrypted(text, P256.generate(random), salt);
    }

    /** @param own of this message alone */
    byte[] encrypted(byte[] text, KeyPair own, byte[] salt) {
        if (text.length > LONGEST) throw new IllegalArgumentException("a text of " + text.length + " octets");
        byte[] ownKey = P256.octets((ECPublicKey) own.getPublic());
        try {
            byte[] input = hkdf(auth, agreed(own), info("WebPush: info", P256.octets(p256dh), ownKey), SECRET);
            return sealed(salt, ownKey, input, text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("each JVM has AES-GCM and ECDH", e);
        }
    }

    private byte[] agreed(KeyPair own) throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(own.getPrivate());
        agreement.doPhase(p256dh, true);
        return agreement.generateSecret();
    }

    /** RFC 8188 2, of one record. */
    static byte[] sealed(byte[] salt, byte[] keyId, byte[] input, byte[] text) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        byte[] key = hkdf(salt, input, info("Content-Encoding: aes128gcm"), KEY);
        byte[] nonce = hkdf(salt, input, info("Content-Encoding: nonce"), NONCE);
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        byte[] delimited = Arrays.copyOf(text, text.length + 1);
        delimited[text.length] = 2;
        byte[] sealed = cipher.doFinal(delimited);
        ByteBuffer whole = ByteBuffer.allocate(salt.length + 5 + keyId.length + sealed.length);
        whole.put(salt).putInt(RECORD).put((byte) keyId.length).put(keyId);
        return whole.put(sealed).array();
    }

    /** RFC 5869, of as many octets as the hash has at most. */
    private static byte[] hkdf(byte[] salt, byte[] input, byte[] info, int length) throws GeneralSecurityException {
        byte[] counted = Arrays.copyOf(info, info.length + 1);
        counted[info.length] = 1;
        return Arrays.copyOf(hmac(hmac(salt, input), counted), length);
    }

    private static byte[] hmac(byte[] key, byte[] octets) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(octets);
    }

    private static byte[] info(String label, byte[]... keys) {
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        info.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        info.write(0);
        for (byte[] key : keys) info.writeBytes(key);
        return info.toByteArray();
    }
}
