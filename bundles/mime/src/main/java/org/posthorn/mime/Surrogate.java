package org.posthorn.mime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.posthorn.api.mail.Message;

/**
 * A message whose headers, those of its parts included, are ASCII, for clients that take nothing else: RFC 6858. Addresses that are not become invalid
 * ones under a name that says them, a subject becomes encoded words, parameters and other fields are left out. Bodies stay as they are, and so does what
 * lies behind the first MiB of headers that are not ASCII.
 */
public final class Surrogate {

    /** An address of two octets becomes one of 64; a header of many such must not become a burden. */
    private static final int MOST_GROWTH = 256 * 1024;

    /** To read all of such a message costs less than to find out from its header whether that is needed. */
    private static final int LITTLE = 16 * 1024;

    private final Message message;
    /** Headers are read in the order in which they lie, so that one stream serves them all. */
    private final InputStream in;

    private final List<Octets> pieces = new ArrayList<>();
    private long read;
    private long done;
    /** How much of headers that are not ASCII is replaced yet; what is behind that stays. */
    private int left = HeaderBlock.LONGEST;

    private int growth = MOST_GROWTH;

    private Surrogate(Message message, InputStream in) {
        this.message = message;
        this.in = in;
    }

    /** The message itself when its headers are ASCII. Reads all of one that is little or may have parts; good for as long as the message is. */
    public static Message of(Message message) throws IOException {
        if (message.size() <= LITTLE && isAscii(message)) return message;
        String header = header(message);
        boolean ascii = mayHaveParts(header) ? isAscii(message) : isAscii(header);
        if (ascii) return message;
        try (InputStream in = message.open()) {
            Surrogate surrogate = new Surrogate(message, in);
            surrogate.part(MimeParser.parse(message));
            return surrogate.joined();
        }
    }

    /** The same for who wants nothing but the message's own header, which alone is read and replaced. */
    public static Message ofHeader(Message message) throws IOException {
        if (isAscii(header(message))) return message;
        try (InputStream in = message.open()) {
            Surrogate surrogate = new Surrogate(message, in);
            surrogate.header(0, MimeParser.headerEnd(message));
            return surrogate.joined();
        }
    }

    private static String header(Message message) throws IOException {
        try (InputStream in = message.open()) {
            return HeaderBlock.block(in);
        }
    }

    private static boolean mayHaveParts(String header) {
        return HeaderBlock.fields(header).stream()
                .filter(f -> f.is("Content-Type"))
                .map(f -> FieldValue.parse(f.value()).value().toLowerCase(Locale.ROOT))
                .anyMatch(type -> type.startsWith("multipart/") || type.startsWith("message/"));
    }

    private static boolean isAscii(String header) {
        return header.chars().allMatch(c -> c < 128);
    }

    private static boolean isAscii(Message message) throws IOException {
        byte[] block = new byte[(int) Math.min(LITTLE, message.size())];
        try (InputStream in = message.open()) {
            for (int n; (n = in.read(block)) > 0; ) if (!isAscii(block, n)) return false;
        }
        return true;
    }

    private static boolean isAscii(byte[] octets, int length) {
        int all = 0;
        for (int i = 0; i < length; i++) all |= octets[i];
        return all >= 0;
    }

    private void part(Part part) throws IOException {
        header(part.start(), part.body());
        for (Part child : part.children()) part(child);
    }

    private void header(long start, long end) throws IOException {
        in.skipNBytes(start - read);
        byte[] header = in.readNBytes((int) Math.min(end - start, HeaderBlock.LONGEST));
        read = start + header.length;
        if (!isAscii(header, header.length)) replace(header, start, end);
    }

    private void replace(byte[] header, long start, long end) {
        String block = new String(header, 0, Math.min(header.length, left), StandardCharsets.ISO_8859_1);
        if (block.length() < end - start) block = wholeFields(block);
        left -= block.length();
        if (block.isEmpty()) return;
        copyTo(start);
        byte[] shown = SurrogateField.all(block, growth).getBytes(StandardCharsets.ISO_8859_1);
        growth -= Math.max(0, shown.length - block.length());
        if (shown.length > 0) pieces.add(Octets.of(shown));
        done = start + block.length();
    }

    /** Without the last one: nobody knows whether it goes on. */
    private static String wholeFields(String block) {
        int last = block.length() - 1;
        do last = block.lastIndexOf('\n', last - 1);
        while (last >= 0 && (block.charAt(last + 1) == ' ' || block.charAt(last + 1) == '\t'));
        return block.substring(0, last + 1);
    }

    private void copyTo(long place) {
        if (place <= done) return;
        pieces.add(Octets.of(message, done, place - done));
        done = place;
    }

    private Message joined() {
        if (done == 0) return message;
        copyTo(message.size());
        return StoredMessage.of(new JoinedOctets(pieces));
    }
}
