package org.posthorn.mime;

import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Message;

/** Looks for words in the text of a message, decoded as it streams by. */
public final class TextSearch {

    private static final int CHUNK = 1 << 13;

    private static final int MOST_HTML = 1 << 20;

    /** What of the text of a part is looked at. */
    private interface View {
        Reader of(Part part, Reader text) throws IOException;
    }

    private TextSearch() {}

    /** Text in which case does not count, as i;unicode-casemap has it (RFC 5255 4.1), nor whether a sharp s is two; Latin letters are small ones, which is quicker. */
    public static String fold(String text) {
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
    public static String folded(HeaderField field) {
        return fold(EncodedWords.decode(field.unfolded()));
    }

    /** The field with its name. */
    public static String whole(HeaderField field) {
        return fold(field.name()) + ": " + folded(field);
    }

    /** Those of the words that no text in the message holds. */
    public static List<Needle> missing(Message message, Part structure, List<Needle> words) throws IOException {
        return missing(message, structure, words, (part, text) -> text);
    }

    /** The same where tags are no text and any white space is one blank, RFC 8621 4.4.1; of a part of HTML the first MiB of characters is looked at. */
    public static List<Needle> missingFromShown(Message message, Part structure, List<Needle> words)
            throws IOException {
        return missing(message, structure, words, TextSearch::shown);
    }

    private static Reader shown(Part part, Reader text) throws IOException {
        return new Spaced(part.is("text/html") ? plain(part, text) : text);
    }

    private static Reader plain(Part part, Reader text) throws IOException {
        char[] html = new char[(int) Math.min(MOST_HTML, part.octets())];
        int length = 0;
        for (int n; length < html.length && (n = text.read(html, length, html.length - length)) > 0; ) length += n;
        return new StringReader(HtmlText.of(new String(html, 0, length)));
    }

    /** Text in which there is one blank for any white space: a phrase may go on in the next line. */
    private static final class Spaced extends FilterReader {
        private boolean white;

        Spaced(Reader in) {
            super(in);
        }

        @Override
        public int read(char[] into, int from, int most) throws IOException {
            int read;
            int kept = 0;
            while (kept == 0 && (read = in.read(into, from, most)) > 0)
                for (int i = 0; i < read; i++) {
                    char c = into[from + i];
                    boolean blank = Character.isWhitespace(c);
                    if (!blank || !white) into[from + kept++] = blank ? ' ' : c;
                    white = blank;
                }
            return kept == 0 ? -1 : kept;
        }
    }

    private static List<Needle> missing(Message message, Part structure, List<Needle> words, View view)
            throws IOException {
        List<Needle> missing = new ArrayList<>(words);
        strike(message, structure, missing, view);
        return missing;
    }

    /** Takes out what this part holds. */
    private static void strike(Message message, Part part, List<Needle> missing, View view) throws IOException {
        for (Part child : part.children()) if (!missing.isEmpty()) strike(message, child, missing, view);
        if (part.isMessage())
            for (HeaderField f : part.children().get(0).fields()) {
                String field = whole(f);
                missing.removeIf(n -> n.in(field));
            }
        if (missing.isEmpty() || !part.isText() || !part.children().isEmpty()) return;
        try (InputStream in = Octets.of(message, part.body(), part.octets()).open()) {
            InputStream decoded = TransferDecoding.of(in, part.encoding());
            Reader text = view.of(part, new InputStreamReader(decoded, charset(part)));
            strike(text, (int) Math.min(CHUNK, part.octets() + 1), missing);
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
