package org.posthorn.jmap.mail;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import org.posthorn.jmap.Json;
import org.posthorn.mime.EncodedWords;

/** What stands in a mail as text that JSON can hold. */
final class MailText {

    /** Longer text is not put in normal form: the time that takes may grow with the square of it. */
    private static final int LONGEST_NORMALIZED = 1 << 12;

    private MailText() {}

    /** Characters that stand for octets in Unicode: U+FFFD for what is no UTF-8, and no NUL. RFC 8621 4.1.2.1. */
    static String raw(String octets) {
        return sound(
                new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8).replace("\0", ""));
    }

    /** The same with encoded words decoded and in normal form C, RFC 8621 4.1.2.2. @param octets unfolded */
    static String decoded(String octets) {
        String text = sound(EncodedWords.decodePlaced(octets).replace("\0", ""));
        return text.length() > LONGEST_NORMALIZED ? text : Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    /** Without what I-JSON cannot have, RFC 7493 2.1: noncharacters, and halves of characters, which some character sets can say and UTF-8 cannot. */
    static String sound(String text) {
        if (text.codePoints().allMatch(Json::sound)) return text;
        StringBuilder sound = new StringBuilder(text.length());
        text.codePoints().map(c -> Json.sound(c) ? c : 0xFFFD).forEach(sound::appendCodePoint);
        return sound.toString();
    }
}
