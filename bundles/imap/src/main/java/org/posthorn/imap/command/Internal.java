package org.posthorn.imap.command;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.posthorn.imap.Arguments;

/**
 * The mechanism INTERNAL, the only one of RFC 4467: a token is an HMAC of the URL in front of it, and of the UIDVALIDITY that its mailbox has. Without
 * that a URL that does not name it would lead into another mailbox of the name, which its key can outlive, or to another message.
 */
public final class Internal {

    /** The response code that tells of it, RFC 4467 8. */
    public static final String URLMECH = "[URLMECH INTERNAL]";

    private static final String NAME = "INTERNAL";
    private static final String HMAC = "HmacSHA256";

    /** In front of a token: by which algorithm it was made, RFC 4467 2.4.1. */
    private static final String ALGORITHM = "01";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int OCTETS = 32;

    private Internal() {}

    /** Whether the mechanism that a command names next is this one. */
    static boolean isNext(Arguments in) {
        return in.keyword().equals(NAME);
    }

    /** The URL with what makes it valid. */
    static String authorized(String rump, long uidValidity, byte[] key) {
        return rump + ":" + NAME.toLowerCase(Locale.ROOT) + ":" + token(rump, uidValidity, key);
    }

    /** Whether that key has made the token. As much is done without one, or the time would tell whether there is a mailbox: RFC 4467 6. */
    static boolean verifies(String token, String rump, long uidValidity, Optional<byte[]> key) {
        byte[] right = octets(token(rump, uidValidity, key.orElseGet(Internal::plausible)));
        return MessageDigest.isEqual(right, octets(token.toLowerCase(Locale.ROOT))) && key.isPresent();
    }

    private static byte[] plausible() {
        byte[] key = new byte[OCTETS];
        RANDOM.nextBytes(key);
        return key;
    }

    private static String token(String rump, long uidValidity, byte[] key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return ALGORITHM + HexFormat.of().formatHex(mac.doFinal(octets(rump + "\0" + uidValidity)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
