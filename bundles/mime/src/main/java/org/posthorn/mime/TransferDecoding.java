package org.posthorn.mime;

import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Takes the transfer encoding off a body, RFC 2045 6, as it streams by. Broken encodings give what can be had of them. */
public final class TransferDecoding {

    private static final Set<String> NONE = Set.of("7bit", "8bit", "binary");
    private static final Set<String> CHANGING = Set.of("base64", "quoted-printable");

    private TransferDecoding() {}

    /** Whether it can be taken off. @param encoding the value of Content-Transfer-Encoding */
    public static boolean knows(String encoding) {
        return NONE.contains(name(encoding)) || changes(encoding);
    }

    /** Whether octets in it are other octets, RFC 2045 6.2. */
    public static boolean changes(String encoding) {
        return CHANGING.contains(name(encoding));
    }

    /** Reads ahead of what it gives. @param encoding the value of Content-Transfer-Encoding; an unknown one changes nothing */
    public static InputStream of(InputStream body, String encoding) {
        return decoder(Window.of(body), encoding, Decoder.START)
                .<InputStream>map(d -> d)
                .orElse(body);
    }

    /** The one for that encoding; empty when it is one that changes nothing. */
    static Optional<Decoder> decoder(Window body, String encoding, Decoder.Place from) {
        return switch (name(encoding)) {
            case "base64" -> Optional.of(new Base64Decoder(body, from));
            case "quoted-printable" -> Optional.of(new QuotedPrintableDecoder(body, from));
            default -> Optional.empty();
        };
    }

    private static String name(String encoding) {
        return encoding.strip().toLowerCase(Locale.ROOT);
    }
}
