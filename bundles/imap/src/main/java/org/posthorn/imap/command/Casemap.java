package org.posthorn.imap.command;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;

/** The collation i;unicode-casemap, RFC 5051: what counts as the same is the same in it, and the order of its octets is the order. */
final class Casemap {

    private Casemap() {}

    static String of(String text) {
        StringBuilder title = new StringBuilder(text.length());
        text.codePoints().map(Character::toTitleCase).forEach(title::appendCodePoint);
        return Normalizer.normalize(title, Normalizer.Form.NFKD);
    }

    /** At most so many of them. */
    static byte[] octets(String text, int most) {
        byte[] all = of(text.substring(0, Math.min(text.length(), most))).getBytes(StandardCharsets.UTF_8);
        return all.length > most ? Arrays.copyOf(all, most) : all;
    }
}
