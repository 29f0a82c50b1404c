package org.posthorn.mime;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Character sets by the names that mails give them. */
public final class Charsets {

    private Charsets() {}

    /** The character set of that name; empty when this Java does not know it. */
    public static Optional<Charset> named(String name) {
        String plain = name.strip().toLowerCase(Locale.ROOT);
        return switch (plain) {
            // Text that claims to be of the smaller set often is of the larger one; the reverse harms nobody.
            case "us-ascii", "ascii", "utf8" -> Optional.of(StandardCharsets.UTF_8);
            case "iso-8859-1", "latin1" -> Optional.of(Charset.forName("windows-1252"));
            default -> Optional.ofNullable(Known.BY_NAME.get(plain));
        };
    }

    /** All that this Java knows: to ask it for a name that it does not know takes a while, and a header may have tens of thousands. */
    private static final class Known {
        private static final Map<String, Charset> BY_NAME = new HashMap<>();

        static {
            for (Charset charset : Charset.availableCharsets().values()) {
                charset.aliases().forEach(alias -> BY_NAME.putIfAbsent(alias.toLowerCase(Locale.ROOT), charset));
                BY_NAME.put(charset.name().toLowerCase(Locale.ROOT), charset);
            }
        }
    }

    /** Octets in Unicode; an unknown name is guessed to be UTF-8 or, where they are not that, ISO-8859-1. */
    public static String decode(byte[] octets, String name) {
        Optional<Charset> known = named(name);
        if (known.isPresent() && !known.get().equals(StandardCharsets.UTF_8)) return new String(octets, known.get());
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return new String(octets, StandardCharsets.ISO_8859_1);
        }
    }
}
