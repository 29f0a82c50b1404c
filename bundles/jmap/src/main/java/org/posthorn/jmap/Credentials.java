package org.posthorn.jmap;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** What a client sends to log in, RFC 7617: HTTP Basic, in UTF-8. */
record Credentials(String name, String password) {

    /** What is asked for where they are missing or wrong. */
    static final String CHALLENGE = "Basic realm=\"Posthorn\", charset=\"UTF-8\"";

    /** Longer than any name and password that there can be. */
    private static final int LONGEST = 4096;

    /** Empty when the header is none that is known here. */
    static Optional<Credentials> of(String header) {
        if (header == null || header.length() > LONGEST) return Optional.empty();
        if (!header.toLowerCase(Locale.ROOT).startsWith("basic ")) return Optional.empty();
        try {
            byte[] octets = Base64.getDecoder()
                    .decode(header.substring("basic ".length()).strip());
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
            int colon = text.indexOf(':');
            boolean well = colon > 0 && text.chars().noneMatch(Character::isISOControl);
            return well
                    ? Optional.of(new Credentials(text.substring(0, colon), text.substring(colon + 1)))
                    : Optional.empty();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** Of the name alone. */
    @Override
    public String toString() {
        return name;
    }
}
