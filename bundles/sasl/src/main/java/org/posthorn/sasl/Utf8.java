package org.posthorn.sasl;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Octets that must be UTF-8, RFC 3629. */
final class Utf8 {

    private Utf8() {}

    /** Empty when they are not: replacement characters would make different names equal. */
    static Optional<String> decode(byte[] octets) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString());
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }
}
