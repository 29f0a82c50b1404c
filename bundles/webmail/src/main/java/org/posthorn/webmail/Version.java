package org.posthorn.webmail;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What tells one state of a file, or of all, from any other. */
final class Version {

    private static final int OCTETS = 8;

    private Version() {}

    /** The beginning of the digest of these, one behind the other. */
    static String of(byte[]... files) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] file : files) digest.update(file);
            return HexFormat.of().formatHex(digest.digest(), 0, OCTETS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each JVM has SHA-256", e);
        }
    }
}
