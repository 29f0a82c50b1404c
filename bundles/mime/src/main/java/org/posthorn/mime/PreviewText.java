package org.posthorn.mime;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.posthorn.api.mail.Message;

/** How a message begins, as text in one line: RFC 8970 3.3, RFC 8621 4.1.4. */
public final class PreviewText {

    /** So much of a part is read, in characters, and so many parts. */
    private static final int READ = 1 << 16;

    private static final int PARTS = 4;

    private PreviewText() {}

    /** Empty when the message has no text, or none to read, as when it is encrypted. @param longest how much there may be of it, in characters of Unicode */
    public static String of(Message message, Part structure, int longest) throws IOException {
        List<Part> first = texts(structure).limit(PARTS).toList();
        for (Part part : first) {
            String text = read(message, part);
            if (text.startsWith("-----BEGIN PGP MESSAGE-----")) return "";
            String line = line(part.is("text/html") ? HtmlText.of(text) : text, longest);
            if (!line.isEmpty()) return line;
        }
        return "";
    }

    /** The parts that a reader would see first, in that order. */
    private static Stream<Part> texts(Part part) {
        boolean hidden = part.is("multipart/encrypted")
                || part.disposition()
                        .filter(d -> d.value().equalsIgnoreCase("attachment"))
                        .isPresent();
        if (hidden) return Stream.empty();
        Stream<Part> below = part.children().stream().flatMap(PreviewText::texts);
        // All say the same, RFC 2046 5.1.4.
        if (part.is("multipart/alternative")) return below.sorted(Comparator.comparing(p -> p.is("text/html")));
        if (!part.children().isEmpty()) return below;
        boolean readable = (part.is("text/plain") || part.is("text/html")) && TransferDecoding.knows(part.encoding());
        return readable ? Stream.of(part) : Stream.empty();
    }

    private static String read(Message message, Part part) throws IOException {
        Charset charset = part.parameter("charset").flatMap(Charsets::named).orElse(StandardCharsets.UTF_8);
        char[] text = new char[(int) Math.min(READ, part.octets())];
        int n = 0;
        try (InputStream in = Octets.of(message, part.body(), part.octets()).open()) {
            Reader reader = new InputStreamReader(TransferDecoding.of(in, part.encoding()), charset);
            for (int more; n < text.length && (more = reader.read(text, n, text.length - n)) > 0; ) n += more;
        }
        return new String(text, 0, n);
    }

    /** Its beginning, with a space for any white space and without control characters. */
    private static String line(String text, int longest) {
        StringBuilder line = new StringBuilder();
        int length = 0;
        boolean space = false;
        for (int i = 0, c; i < text.length() && length < longest; i += Character.charCount(c)) {
            c = text.codePointAt(i);
            boolean blank = Character.isWhitespace(c) || Character.isSpaceChar(c);
            space |= blank;
            if (blank || Character.isISOControl(c) || !Character.isDefined(c)) continue;
            if (space && length > 0) {
                line.append(' ');
                length++;
            }
            space = false;
            if (length++ < longest) line.appendCodePoint(c);
        }
        return line.toString().stripTrailing();
    }
}
