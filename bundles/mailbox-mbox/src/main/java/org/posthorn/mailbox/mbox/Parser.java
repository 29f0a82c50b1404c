package org.posthorn.mailbox.mbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.posthorn.api.mailbox.Flags;

/** Finds the messages of an mbox. Anything is an mbox: what stands in front of the first From line belongs to nobody. */
final class Parser {

    private static final int MOST_HOLES = 128;
    private static final int LONGEST_VALUE = 2000;

    private final Instant otherwise;
    private final Map<String, Integer> same;
    private final List<Part> parts = new ArrayList<>();
    private final MessageDigest digest = digest();
    private final CRC32C sum = new CRC32C();

    // The message at hand.
    private long start = -1;
    private long content;
    private Instant date;
    private long headerEnd;
    private List<Long> holes;
    private Map<String, Part.Value> fields;
    private String field;
    private long size;
    private boolean inHeader;
    private String name;
    // Whether there is another one of that name, so that the body must tell them apart.
    private boolean alike;
    // The line before, if it was empty and of the body.
    private long emptyAt;
    private boolean blank = true;
    private boolean lineDone;
    private byte last;

    /**
     * @param otherwise the date of a message whose From line tells none
     * @param same how many messages of each name were found before, as {@link #count} counts them; goes on counting
     */
    Parser(Instant otherwise, Map<String, Integer> same) {
        this.same = same;
        this.otherwise = otherwise;
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Takes a line or a piece of one in, without its end: the last line of a file may have none and get one later. */
    static void hash(MessageDigest digest, byte[] bytes, int from, int length, boolean begins) {
        int end = from + length;
        if (end > from && bytes[end - 1] == '\n') end--;
        if (end > from && bytes[end - 1] == '\r') end--;
        if (begins) digest.update((byte) '\n');
        digest.update(bytes, from, end - from);
    }

    static String name(long uid, byte[] hash) {
        return uid + "." + HexFormat.of().formatHex(hash, 0, 10);
    }

    /** Counts a key that {@link #key} made, all of it and the part that it begins with. */
    static void count(Map<String, Integer> same, String key) {
        String[] words = key.split("~");
        same.merge(words[0], 1, Integer::sum);
        if (words.length > 1) same.merge(words[0] + "~" + words[1], 1, Integer::sum);
    }

    /**
     * The name of the first; of messages that are alike in every field of the header, and bear no UID, the later ones have a sum of the body behind it, so that they
     * keep their names when another one goes. Those that are alike in that as well are numbered.
     */
    private String key() {
        if (same.merge(name, 1, Integer::sum) == 1) return name;
        String key = name + "~" + Long.toHexString(sum.getValue());
        int count = same.merge(key, 1, Integer::sum);
        return count == 1 ? key : key + "~" + count;
    }

    /** All messages from that place on, where one begins or the source ends, and the source stands. */
    List<Part> parse(Lines.Source source, long from) throws IOException {
        finish(Lines.read(source, from, this::piece));
        return parts;
    }

    private void piece(Lines.Piece piece) {
        if (piece.begins && blank && FromLine.is(piece.bytes, piece.from, piece.length)) begin(piece);
        else if (start >= 0 && inHeader) header(piece);
        else if (start >= 0) {
            count(piece);
            if (alike) sum(piece);
            emptyAt = piece.empty() ? piece.at : -1;
        }
        blank = piece.empty();
        lineDone = piece.ends;
        last = piece.bytes[piece.from + piece.length - 1];
    }

    private void begin(Lines.Piece line) {
        finish(line.at);
        start = line.at;
        content = line.at + line.length;
        date = FromLine.date(line.bytes, line.from, line.length).orElse(otherwise);
        headerEnd = -1;
        holes = new ArrayList<>();
        fields = new LinkedHashMap<>();
        field = "";
        size = 0;
        inHeader = true;
        emptyAt = -1;
        digest.reset();
        sum.reset();
        alike = false;
        hash(digest, line.bytes, line.from, line.length, true);
    }

    private void header(Lines.Piece piece) {
        if (piece.empty() || piece.almostEmpty()) {
            inHeader = false;
            headerEnd = piece.at;
            named();
            count(piece);
            return;
        }
        if (piece.begins && !piece.folded()) field = Fields.name(piece.bytes, piece.from, piece.length);
        if (Fields.own(field) && holes.size() < 2 * MOST_HOLES) hole(piece);
        else {
            if (!Fields.fickle(field)) hash(digest, piece.bytes, piece.from, piece.length, piece.begins);
            count(piece);
        }
    }

    private void hole(Lines.Piece piece) {
        holes.add(piece.at);
        holes.add(piece.at + piece.length);
        if (!piece.begins || piece.folded()) {
            fields.computeIfPresent(field, (n, v) -> new Part.Value(v.at(), 0, v.text()));
            return;
        }
        int value = piece.from + field.length() + 1;
        if (piece.bytes[value] == ' ') value++;
        // The last line of a file may have no end and get one later.
        int end = piece.from + piece.length - (!piece.ends ? 0 : piece.bare() ? 1 : 2);
        int room = Math.max(0, Math.min(LONGEST_VALUE, end - value));
        String text = new String(piece.bytes, value, room, StandardCharsets.UTF_8);
        fields.putIfAbsent(field, new Part.Value(piece.at + (value - piece.from), room, text));
    }

    private void count(Lines.Piece piece) {
        size += piece.length;
        if (piece.bare()) size++;
        if (piece.begins && FromLine.quoted(piece.bytes, piece.from, piece.length)) size--;
    }

    /** The header is whole. */
    private void named() {
        name = name(Fields.number(value(Fields.UID), 0), digest.digest());
        alike = same.containsKey(name);
    }

    /** Without line ends: the last line of a file may have none and get one later. */
    private void sum(Lines.Piece piece) {
        int end = piece.from + piece.length;
        while (end > piece.from && (piece.bytes[end - 1] == '\n' || piece.bytes[end - 1] == '\r')) end--;
        sum.update(piece.bytes, piece.from, end - piece.from);
    }

    private void finish(long end) {
        if (start < 0) return;
        if (inHeader) named();
        long contentEnd = emptyAt >= 0 ? emptyAt : end;
        if (emptyAt >= 0) size -= 2;
        // A field of the file's own is no part of the message, nor is its end.
        boolean ends = lineDone || contentEnd == content || holes.contains(contentEnd);
        int missing = (inHeader ? 1 : 0) + (ends ? 0 : 1);
        size += 2 * missing;
        // With the line feed that it lacks, this CR is the line's end.
        if (!ends && last == '\r') size--;
        long uid = Fields.number(value(Fields.UID), 0);
        int bits =
                Fields.bits(Fields.STATUS, value(Fields.STATUS)) | Fields.bits(Fields.X_STATUS, value(Fields.X_STATUS));
        Flags flags = new Flags(bits, Fields.keywords(value(Fields.KEYWORDS)));
        parts.add(new Part(
                start,
                content,
                headerEnd < 0 ? contentEnd : headerEnd,
                contentEnd,
                end,
                holes.stream().mapToLong(Long::longValue).toArray(),
                missing,
                Map.copyOf(fields),
                key(),
                uid,
                flags,
                size,
                date));
        start = -1;
    }

    private String value(String name) {
        Part.Value value = fields.get(name);
        return value == null ? "" : value.text();
    }
}
