package org.posthorn.mime;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.HeaderField;

/** Reads the header of a message, RFC 5322 2.2: lines up to the empty one, folds joined to the field they belong to. */
public final class HeaderBlock {

    /** How much of a header is looked at, in octets. */
    public static final int LONGEST = 1 << 20;

    private HeaderBlock() {}

    /** The fields in order; lines that are none are left out. Reads ahead of the header's end; does not close the stream. */
    public static List<HeaderField> read(InputStream in) throws IOException {
        InputStream buffered = new BufferedInputStream(in);
        List<HeaderField> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        int left = LONGEST;
        while (left > 0) {
            String line = line(buffered, left);
            left -= line.length();
            if (line.isEmpty() || line.equals("\r\n") || line.equals("\n")) break;
            if (line.charAt(0) != ' ' && line.charAt(0) != '\t') {
                field(field).ifPresent(fields::add);
                field.setLength(0);
            }
            field.append(line);
        }
        field(field).ifPresent(fields::add);
        return fields;
    }

    private static String line(InputStream in, int most) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(80);
        for (int b; line.size() < most && (b = in.read()) >= 0; ) {
            line.write(b);
            if (b == '\n') break;
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    static Optional<HeaderField> field(CharSequence raw) {
        String text = raw.toString();
        int colon = text.indexOf(':');
        String name = colon < 0 ? "" : text.substring(0, colon).stripTrailing();
        if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 127)) return Optional.empty();
        int end = text.length();
        while (end > colon + 1 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) end--;
        return Optional.of(new HeaderField(name, text.substring(colon + 1, end)));
    }
}
