package org.posthorn.jmap;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.posthorn.api.mail.Address;

/** Ids as RFC 8620 1.2 has them: 1 to 255 letters, digits, hyphens and underscores. */
public final class Id {

    private static final int LONGEST = 255;
    private static final int ACCOUNT_OCTETS = 16;

    private Id() {}

    /** Whether it could be one. */
    public static boolean is(String text) {
        return !text.isEmpty() && text.length() <= LONGEST && text.chars().allMatch(Id::letter);
    }

    private static boolean letter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_';
    }

    /** That of somebody's account: the same as long as the address is, and the address does not stand in logs of URLs. */
    public static String account(Address owner) {
        byte[] address = owner.folded().toString().getBytes(StandardCharsets.UTF_8);
        return "A" + HexFormat.of().formatHex(digest(address), 0, ACCOUNT_OCTETS);
    }

    static byte[] digest(byte[] octets) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(octets);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each JVM has SHA-256", e);
        }
    }
}
