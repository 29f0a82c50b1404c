package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mail.Message;
import org.posthorn.jmap.Json;
import org.posthorn.mime.Charsets;
import org.posthorn.mime.HtmlText;
import org.posthorn.mime.Octets;
import org.posthorn.mime.Part;
import org.posthorn.mime.TransferDecoding;

/**
 * The text of a part, EmailBodyValue of RFC 8621 4.1.4.
 *
 * @param isEncodingProblem whether something could not be decoded
 * @param isTruncated whether there is more
 */
record BodyValue(String value, boolean isEncodingProblem, boolean isTruncated) {

    /** So long a value may be whatever is asked for, in octets: all of an answer is in memory at once. */
    static final int LONGEST = 4 << 20;

    /** Who has these may have said nothing: what is sent in them often is of some larger set. */
    private static final Set<String> SMALL = Set.of("us-ascii", "ascii");

    /** @param most octets of UTF-8 that it may have */
    static BodyValue of(Message message, Part part, int most) throws IOException {
        Optional<String> name = part.parameter("charset").filter(n -> !SMALL.contains(n.toLowerCase(Locale.ROOT)));
        Optional<Charset> charset = name.flatMap(Charsets::named);
        BodyValue value = decoded(message, part, charset.orElse(StandardCharsets.UTF_8), most);
        boolean guess = charset.isEmpty() && value.isEncodingProblem;
        if (guess) value = decoded(message, part, Charset.forName("windows-1252"), most);
        boolean unknown = name.isPresent() && charset.isEmpty() || !TransferDecoding.knows(part.encoding());
        if (guess || unknown) value = new BodyValue(value.value, true, value.isTruncated);
        return part.is("text/html") ? value.fittedHtml(most) : value.fitted(most);
    }

    private static BodyValue decoded(Message message, Part part, Charset charset, int most) throws IOException {
        try (InputStream in = Octets.of(message, part.body(), part.octets()).open()) {
            return new TextDecoding(charset).read(TransferDecoding.of(in, part.encoding()), most);
        }
    }

    /** With no more octets than that, cut between two characters. */
    private BodyValue fitted(int most) {
        String sound = MailText.sound(value);
        return cut(sound, fitting(sound, most));
    }

    /** The same, and not within a tag. */
    private BodyValue fittedHtml(int most) {
        String sound = MailText.sound(value);
        int end = fitting(sound, most);
        boolean whole = end == sound.length() && !isTruncated;
        return cut(sound, whole ? end : HtmlText.outsideTag(sound, end));
    }

    private BodyValue cut(String sound, int end) {
        return new BodyValue(sound.substring(0, end), isEncodingProblem, isTruncated || end < sound.length());
    }

    /** How much of the text has at most so many octets of UTF-8. */
    static int fitting(String text, int most) {
        int octets = 0;
        for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            octets += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            if (octets > most) return i;
        }
        return text.length();
    }

    ObjectNode json() {
        return Json.NODES
                .objectNode()
                .put("value", value)
                .put("isEncodingProblem", isEncodingProblem)
                .put("isTruncated", isTruncated);
    }
}
