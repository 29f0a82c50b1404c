package org.posthorn.mime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/** Header text in other characters, RFC 2047, and in plain UTF-8, RFC 6532. */
public final class EncodedWords {

    /** So many octets an encoded word says at most: it has 75 characters, RFC 2047 2. */
    private static final int MOST_SAID = 45;

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    /** What one encoded word says. */
    private record Word(byte[] octets, String charset, int end) {}

    /** The same in Unicode. */
    private record Said(String text, int end) {}

    /** Reads the word that begins there; empty when none does. */
    private interface Finding {
        Optional<Said> at(String text, int place);
    }

    /** Longer ones are none: RFC 2047 2 allows 75, and looking for the end of each must not cost the square of a header. */
    private static final int LONGEST = 1000;

    private EncodedWords() {}

    /** The text in Unicode; what is no sound encoded word stays as it is. Characters given stand for octets. */
    public static String decode(String text) {
        return decode(text, EncodedWords::anywhere);
    }

    /**
     * The same by the letter: a word counts only where RFC 2047 5 has one, with white space or an end on both sides, and in a character set that is known. Control characters that a word says
     * are dropped, and what does not fit its character set becomes U+FFFD: RFC 8621 4.1.2.2.
     */
    public static String decodePlaced(String text) {
        return decode(text, EncodedWords::placed);
    }

    private static String decode(String text, Finding finding) {
        if (!text.contains("=?")) return plain(text);
        StringBuilder decoded = new StringBuilder();
        int done = 0;
        boolean afterWord = false;
        for (int at = text.indexOf("=?"); at >= 0; at = text.indexOf("=?", Math.max(done, at + 2))) {
            Optional<Said> said = finding.at(text, at);
            if (said.isEmpty()) continue;
            String between = text.substring(done, at);
            // White space between two encoded words is not shown, RFC 2047 6.2.
            if (!afterWord || !between.isBlank()) decoded.append(plain(between));
            decoded.append(said.get().text);
            done = said.get().end;
            afterWord = true;
        }
        return decoded.append(plain(text.substring(done))).toString();
    }

    private static Optional<Said> anywhere(String text, int at) {
        return word(text.substring(at, Math.min(text.length(), at + LONGEST)), at)
                .map(w -> new Said(Charsets.decode(w.octets, w.charset), w.end));
    }

    private static Optional<Said> placed(String text, int at) {
        if (at > 0 && !FieldScanner.white(text.charAt(at - 1))) return Optional.empty();
        int end = at;
        while (end < text.length() && end - at < LONGEST && !FieldScanner.white(text.charAt(end))) end++;
        int wordEnd = end;
        Optional<Word> word = word(text.substring(at, end), at).filter(w -> w.end == wordEnd);
        return word.flatMap(w -> Charsets.named(w.charset))
                .map(c -> new String(word.get().octets, c))
                .map(said -> new Said(CONTROL.matcher(said).replaceAll(""), wordEnd));
    }

    /** The text as encoded words with a space between two of them, RFC 2047 2, for where nothing but ASCII may stand. */
    public static String encode(String text) {
        StringBuilder words = new StringBuilder();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        text.codePoints().forEach(c -> {
            byte[] octets = Character.toString(c).getBytes(StandardCharsets.UTF_8);
            // A word must not end within a character, RFC 2047 5.
            if (said.size() + octets.length > MOST_SAID) word(words, said);
            said.writeBytes(octets);
        });
        word(words, said);
        return words.toString();
    }

    private static void word(StringBuilder words, ByteArrayOutputStream said) {
        if (said.size() == 0) return;
        if (words.length() > 0) words.append(' ');
        words.append("=?utf-8?b?")
                .append(Base64.getEncoder().encodeToString(said.toByteArray()))
                .append("?=");
        said.reset();
    }

    private static String plain(String octets) {
        for (int i = 0; i < octets.length(); i++)
            if (octets.charAt(i) > 127) return Charsets.decode(octets.getBytes(StandardCharsets.ISO_8859_1), "");
        return octets;
    }

    private static Optional<Word> word(String text, int offset) {
        int charsetEnd = text.indexOf('?', 2);
        if (charsetEnd < 0 || charsetEnd + 2 >= text.length() || text.charAt(charsetEnd + 2) != '?')
            return Optional.empty();
        int end = text.indexOf("?=", charsetEnd + 3);
        if (end < 0) return Optional.empty();
        String charset = text.substring(2, charsetEnd);
        int language = charset.indexOf('*');
        String name = language < 0 ? charset : charset.substring(0, language);
        String content = text.substring(charsetEnd + 3, end);
        return octets(text.charAt(charsetEnd + 1), content).map(o -> new Word(o, name, offset + end + 2));
    }

    private static Optional<byte[]> octets(char encoding, String content) {
        return switch (encoding) {
            case 'q', 'Q' -> Optional.of(q(content));
            case 'b', 'B' -> b(content);
            default -> Optional.empty();
        };
    }

    private static Optional<byte[]> b(String content) {
        try {
            return Optional.of(Base64.getMimeDecoder().decode(content));
        } catch (IllegalArgumentException cut) {
            return Optional.empty();
        }
    }

    private static byte[] q(String content) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            int octet = c == '=' ? Continuations.hex(content, i + 1) : -1;
            if (octet >= 0) i += 2;
            octets.write(octet >= 0 ? octet : c == '_' ? ' ' : c);
        }
        return octets.toByteArray();
    }
}
