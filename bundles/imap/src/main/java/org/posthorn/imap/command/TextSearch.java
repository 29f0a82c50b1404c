package org.posthorn.imap.command;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Message;
import org.posthorn.mime.Charsets;
import org.posthorn.mime.EncodedWords;
import org.posthorn.mime.Part;
import org.posthorn.mime.TransferDecoding;

/** Looks for words in the text of a message, decoded as it streams by. */
final class TextSearch {

    private static final int CHUNK = 1 << 13;

    private TextSearch() {}

    /** Text in which case does not count. */
    static String fold(String text) {
        return text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    /** A field's value, decoded and folded. */
    static String folded(HeaderField field) {
        return fold(EncodedWords.decode(field.unfolded()));
    }

    /** The field with its name. */
    static String whole(HeaderField field) {
        return fold(field.name()) + ": " + folded(field);
    }

    /** Whether a text in the message holds the words. */
    static boolean holds(Message message, Part part, Needle words) throws IOException {
        for (Part child : part.children()) if (holds(message, child, words)) return true;
        if (part.isMessage() && part.children().get(0).fields().stream().anyMatch(f -> words.in(whole(f)))) return true;
        if (!part.isText() || !part.children().isEmpty()) return false;
        try (InputStream in = message.open()) {
            in.skipNBytes(part.body());
            InputStream decoded = TransferDecoding.of(new Bounded(in, part.octets()), part.encoding());
            return holds(new InputStreamReader(decoded, charset(part)), words);
        }
    }

    private static Charset charset(Part part) {
        return part.parameter("charset").flatMap(Charsets::named).orElse(StandardCharsets.UTF_8);
    }

    private static boolean holds(Reader text, Needle words) throws IOException {
        char[] chunk = new char[CHUNK];
        int matched = 0;
        for (int n = 0; n >= 0 && !words.found(matched); n = text.read(chunk))
            matched = words.read(matched, fold(new String(chunk, 0, n)));
        return words.found(matched);
    }

    /** A stream that ends after so many octets. */
    private static final class Bounded extends FilterInputStream {
        private long left;

        Bounded(InputStream in, long octets) {
            super(in);
            left = octets;
        }

        @Override
        public int read() throws IOException {
            if (left <= 0) return -1;
            left--;
            return super.read();
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            if (left <= 0) return -1;
            int n = super.read(into, from, (int) Math.min(most, left));
            if (n > 0) left -= n;
            return n;
        }
    }
}
