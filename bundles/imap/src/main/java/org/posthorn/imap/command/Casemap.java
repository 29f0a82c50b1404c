package org.posthorn.imap.command;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/** The collation i;unicode-casemap, RFC 5051: what counts as the same is the same in it, and the order of its octets is the order. */
final class Casemap {

    private Casemap() {}

    static String of(String text) {
        StringBuilder title = new StringBuilder(text.length());
        text.codePoints().map(Character::toTitleCase).forEach(title::appendCodePoint);
        return Normalizer.normalize(title, Normalizer.Form.NFKD);
    }

    static byte[] octets(String text) {
        return of(text).getBytes(StandardCharsets.UTF_8);
    }
}
