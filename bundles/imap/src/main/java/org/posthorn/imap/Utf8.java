package org.posthorn.imap;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Text and its octets in UTF-8, RFC 3629; characters stand for octets. */
public final class Utf8 {

    private Utf8() {}

    /** The octets of a text. */
    public static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** Empty when the octets are no UTF-8. */
    public static Optional<String> text(String octets) {
        if (isAscii(octets)) return Optional.of(octets);
        ByteBuffer bytes = ByteBuffer.wrap(octets.getBytes(StandardCharsets.ISO_8859_1));
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException other) {
            return Optional.empty();
        }
    }

    /** Whether there is nothing but US-ASCII. */
    public static boolean isAscii(String octets) {
        for (int i = 0; i < octets.length(); i++) if (octets.charAt(i) > 127) return false;
        return true;
    }
}
