package org.posthorn.mime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Message;

/**
 * Finds the parts of a message, RFC 2046, in one pass over its octets. Takes whatever comes: parts that are not closed end where the part around them
 * ends, and what lies too deep or is too much is one part that is not looked into.
 */
public final class MimeParser {

    /** How deep parts may lie in each other. */
    public static final int DEEPEST = 50;

    /** How many parts are told apart. */
    public static final int MOST_PARTS = 10_000;

    /** Encodings that leave everything as it is, RFC 2045 6.2. */
    private static final Set<String> PLAIN = Set.of("", "7bit", "8bit", "binary");

    private static final FieldValue PLAIN_TEXT = new FieldValue("text/plain", List.of());
    private static final FieldValue RFC822 = new FieldValue("message/rfc822", List.of());

    /** A delimiter that has been met: which of the open ones, and whether it closes. */
    private record Delimiter(int level, boolean closing) {}

    private final Lines lines;
    private final int most;
    private final List<byte[]> boundaries = new ArrayList<>();
    private final FieldBudget budget = new FieldBudget();
    private int parts;
    private Delimiter met;
    private long end;
    private long endCount;

    private MimeParser(InputStream in, int most) {
        this.lines = new Lines(in);
        this.most = most;
    }

    /** The message as a tree of parts. */
    public static Part parse(Message message) throws IOException {
        return parse(message, MOST_PARTS);
    }

    /** The same, with fewer parts told apart. @param most how many; those behind them are left out */
    public static Part parse(Message message, int most) throws IOException {
        try (InputStream in = message.open()) {
            return new MimeParser(in, most).part(0, PLAIN_TEXT, true);
        }
    }

    /** The message in a stream, which is not closed. */
    public static Part parse(InputStream in) throws IOException {
        return new MimeParser(in, MOST_PARTS).part(0, PLAIN_TEXT, true);
    }

    /** Where the message's header, with the empty line behind it, ends. */
    public static long headerEnd(Message message) throws IOException {
        try (InputStream in = message.open()) {
            Lines lines = new Lines(in);
            while (lines.advance() && !lines.isEmpty()) continue;
            return lines.next();
        }
    }

    private Part part(int depth, FieldValue unlessSaid, boolean isMessage) throws IOException {
        parts++;
        long start = lines.next();
        List<HeaderField> fields = header(isMessage);
        FieldValue type = type(fields, unlessSaid);
        boolean cut = met != null;
        if (cut) endHere(lines.start(), lines.count() - (lines.endLength() > 0 ? 1 : 0));
        long body = cut ? end : lines.next();
        long before = cut ? endCount : lines.count();
        List<Part> children = cut ? List.of() : content(depth, type, fields);
        if (met == null) endHere(lines.next(), lines.count());
        // A line end between header and delimiter is the header's.
        if (end < body) endHere(body, before);
        int slash = type.value().indexOf('/');
        return new Part(
                type.value().substring(0, slash),
                type.value().substring(slash + 1),
                type.parameters(),
                fields,
                start,
                body,
                end,
                endCount - before,
                children);
    }

    private void endHere(long place, long count) {
        end = place;
        endCount = count;
    }

    /** What is wrong or missing is text/plain, RFC 2045 5.2; in a digest it is a message, RFC 2046 5.1.5. */
    private static FieldValue type(List<HeaderField> fields, FieldValue unlessSaid) {
        Optional<HeaderField> said =
                fields.stream().filter(f -> f.is("Content-Type")).findFirst();
        if (said.isEmpty()) return unlessSaid;
        FieldValue type = FieldValue.parse(said.get().value());
        int slash = type.value().indexOf('/');
        boolean sound = slash > 0 && slash < type.value().length() - 1;
        return sound ? type : new FieldValue("text/plain", type.parameters());
    }

    private List<HeaderField> header(boolean isMessage) throws IOException {
        HeaderFields fields = new HeaderFields(budget, isMessage);
        while (advance() && !lines.isEmpty()) fields.line(lines.text());
        return fields.end();
    }

    /** Reads to the delimiter that ends this part, or to the end of the message. */
    private List<Part> content(int depth, FieldValue type, List<HeaderField> fields) throws IOException {
        boolean roomy = depth < DEEPEST && parts < most;
        Optional<String> boundary = type.value().regionMatches(true, 0, "multipart/", 0, 10)
                ? type.parameter("boundary")
                : Optional.empty();
        if (roomy && boundary.isPresent()) return multipart(depth, type, boundary.get());
        if (roomy && isMessage(type, fields)) return List.of(part(depth + 1, PLAIN_TEXT, true));
        while (advance()) continue;
        return List.of();
    }

    /** An internationalised message may itself be encoded, RFC 6532 3.7: then there is nothing to see in it. */
    private static boolean isMessage(FieldValue type, List<HeaderField> fields) {
        if (type.value().equalsIgnoreCase("message/rfc822")) return true;
        return type.value().equalsIgnoreCase("message/global")
                && fields.stream()
                        .filter(f -> f.is("Content-Transfer-Encoding"))
                        .allMatch(f -> PLAIN.contains(
                                FieldValue.parse(f.value()).value().toLowerCase(Locale.ROOT)));
    }

    private List<Part> multipart(int depth, FieldValue type, String boundary) throws IOException {
        int level = boundaries.size();
        String kept = boundary.substring(0, Math.min(boundary.length(), 200));
        boundaries.add(kept.getBytes(StandardCharsets.ISO_8859_1));
        boolean digest = type.value().equalsIgnoreCase("multipart/digest");
        List<Part> children = new ArrayList<>();
        while (advance()) continue;
        while (met != null && met.level == level && !met.closing && parts < most) {
            met = null;
            children.add(part(depth + 1, digest ? RFC822 : PLAIN_TEXT, false));
        }
        boundaries.remove(level);
        boolean mine = met != null && met.level == level;
        if (mine) met = null;
        // What stands behind the closing delimiter belongs to no part.
        while (mine && advance()) continue;
        return children;
    }

    /** Goes to the next line; false at the end and at a delimiter, which is then the one met. */
    private boolean advance() throws IOException {
        if (met != null) return false;
        long lineEnd = lines.next() - lines.endLength();
        long countBefore = lines.count() - (lines.endLength() > 0 ? 1 : 0);
        if (!lines.advance()) return false;
        met = delimiter();
        if (met == null) return true;
        // The line end in front of a delimiter belongs to it, RFC 2046 5.1.1.
        endHere(lineEnd, countBefore);
        return false;
    }

    /** The innermost open boundary that this line begins with; where several do, the longest. */
    private Delimiter delimiter() {
        if (boundaries.isEmpty() || lines.octet(0) != '-' || lines.octet(1) != '-') return null;
        int best = -1;
        for (int i = boundaries.size() - 1; i >= 0; i--) {
            byte[] boundary = boundaries.get(i);
            if ((best < 0 || boundary.length > boundaries.get(best).length) && lines.startsWith(boundary, 2)) best = i;
        }
        if (best < 0) return null;
        int behind = 2 + boundaries.get(best).length;
        return new Delimiter(best, lines.octet(behind) == '-' && lines.octet(behind + 1) == '-');
    }
}
