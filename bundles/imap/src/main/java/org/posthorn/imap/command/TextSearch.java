package org.posthorn.imap.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Message;
import org.posthorn.mime.Charsets;
import org.posthorn.mime.EncodedWords;
import org.posthorn.mime.Octets;
import org.posthorn.mime.Part;
import org.posthorn.mime.TransferDecoding;

/** Looks for words in the text of a message, decoded as it streams by. */
final class TextSearch {

    private static final int CHUNK = 1 << 13;

    private TextSearch() {}

    /** Text in which case does not count, as i;unicode-casemap has it (RFC 5255 4.1), nor whether a sharp s is two; Latin letters are small ones, which is quicker. */
    static String fold(String text) {
        return ascii(text) ? text.toLowerCase(Locale.ROOT) : small(Casemap.of(text.toUpperCase(Locale.ROOT)));
    }

    private static String small(String text) {
        StringBuilder small = new StringBuilder(text);
        for (int i = 0; i < small.length(); i++) {
            char c = small.charAt(i);
            if (c >= 'A' && c <= 'Z') small.setCharAt(i, (char) (c + 32));
        }
        return small.toString();
    }

    private static boolean ascii(String text) {
        for (int i = 0; i < text.length(); i++) if (text.charAt(i) > 127) return false;
        return true;
    }

    /** A field's value, decoded and folded. */
    static String folded(HeaderField field) {
        return fold(EncodedWords.decode(field.unfolded()));
    }

    /** The field with its name. */
    static String whole(HeaderField field) {
        return fold(field.name()) + ": " + folded(field);
    }

    /** Those of the words that no text in the message holds. */
    static List<Needle> missing(Message message, Part structure, List<Needle> words) throws IOException {
        List<Needle> missing = new ArrayList<>(words);
        strike(message, structure, missing);
        return missing;
    }

    /** Takes out what this part holds. */
    private static void strike(Message message, Part part, List<Needle> missing) throws IOException {
        for (Part child : part.children()) if (!missing.isEmpty()) strike(message, child, missing);
        if (part.isMessage())
            for (HeaderField f : part.children().get(0).fields()) {
                String field = whole(f);
                missing.removeIf(n -> n.in(field));
            }
        if (missing.isEmpty() || !part.isText() || !part.children().isEmpty()) return;
        try (InputStream in = Octets.of(message, part.body(), part.octets()).open()) {
            InputStream decoded = TransferDecoding.of(in, part.encoding());
            strike(new InputStreamReader(decoded, charset(part)), (int) Math.min(CHUNK, part.octets() + 1), missing);
        }
    }

    private static Charset charset(Part part) {
        return part.parameter("charset").flatMap(Charsets::named).orElse(StandardCharsets.UTF_8);
    }

    private static void strike(Reader text, int atOnce, List<Needle> missing) throws IOException {
        char[] chunk = new char[atOnce];
        int[] matched = new int[missing.size()];
        boolean all = false;
        for (int n = 0; n >= 0 && !all; n = text.read(chunk)) {
            String piece = fold(new String(chunk, 0, n));
            all = true;
            for (int i = 0; i < matched.length; i++) {
                matched[i] = missing.get(i).read(matched[i], piece);
                all &= missing.get(i).found(matched[i]);
            }
        }
        for (int i = matched.length - 1; i >= 0; i--) if (missing.get(i).found(matched[i])) missing.remove(i);
    }
}
