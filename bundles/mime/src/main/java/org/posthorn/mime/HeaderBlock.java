package org.posthorn.mime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.HeaderField;

/** Reads the header of a message, RFC 5322 2.2: lines up to the empty one, folds joined to the field they belong to. */
public final class HeaderBlock {

    /** How much of a header is looked at, in octets. */
    public static final int LONGEST = 1 << 20;

    private static final int CHUNK = 1 << 12;

    private HeaderBlock() {}

    /** The fields in order; lines that are none are left out. Reads ahead of the header's end; does not close the stream. */
    public static List<HeaderField> read(InputStream in) throws IOException {
        return fields(block(in));
    }

    /** The fields of what stands before the empty line. */
    static List<HeaderField> fields(String block) {
        List<HeaderField> fields = new ArrayList<>();
        for (int from = 0; from < block.length(); ) {
            int end = fieldEnd(block, from);
            field(block.substring(from, end)).ifPresent(fields::add);
            from = end;
        }
        return fields;
    }

    /** What stands before the empty line, as far as it is looked at. */
    static String block(InputStream in) throws IOException {
        byte[] octets = new byte[CHUNK];
        int filled = 0;
        int line = 0;
        for (int n = in.read(octets); n > 0; n = in.read(octets, filled, octets.length - filled)) {
            int looked = filled;
            filled += n;
            for (int i = looked; i < filled; i++) {
                if (octets[i] != '\n') continue;
                if (i == line || i == line + 1 && octets[line] == '\r') return text(octets, line);
                line = i + 1;
            }
            if (filled == LONGEST) break;
            if (filled == octets.length) octets = Arrays.copyOf(octets, Math.min(LONGEST, filled * 4));
        }
        return text(octets, filled);
    }

    private static String text(byte[] octets, int length) {
        return new String(octets, 0, length, StandardCharsets.ISO_8859_1);
    }

    /** Behind the last line that belongs to the field. */
    static int fieldEnd(String block, int from) {
        int end = block.indexOf('\n', from);
        while (end >= 0 && end + 1 < block.length() && (block.charAt(end + 1) == ' ' || block.charAt(end + 1) == '\t'))
            end = block.indexOf('\n', end + 1);
        return end < 0 ? block.length() : end + 1;
    }

    static Optional<HeaderField> field(CharSequence raw) {
        String text = raw.toString();
        int colon = text.indexOf(':');
        String name = colon < 0 ? "" : text.substring(0, colon).stripTrailing();
        if (!isName(name)) return Optional.empty();
        int end = text.length();
        while (end > colon + 1 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) end--;
        return Optional.of(new HeaderField(name, text.substring(colon + 1, end)));
    }

    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) if (name.charAt(i) <= ' ' || name.charAt(i) >= 127) return false;
        return !name.isEmpty();
    }
}
