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
 * ones under a name that says them, a subject becomes encoded words, parameters and other fields are left out. Bodies stay as they are.
 */
public final class Surrogate {

    private final Message message;
    /** Headers are read in the order in which they lie, so that one stream serves them all. */
    private final InputStream in;

    private final List<Octets> pieces = new ArrayList<>();
    private long read;
    private long done;
    /** How much of headers that are not ASCII is looked at; what is behind that is left out. */
    private int left = HeaderBlock.LONGEST;

    private Surrogate(Message message, InputStream in) {
        this.message = message;
        this.in = in;
    }

    /** The message itself when its headers are ASCII. Reads all of one that may have parts; good for as long as the message is. */
    public static Message of(Message message) throws IOException {
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
        return header.length() < HeaderBlock.LONGEST && header.chars().allMatch(c -> c < 128);
    }

    private static boolean isAscii(Message message) throws IOException {
        byte[] block = new byte[16 * 1024];
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
        if (read < end || !isAscii(header, header.length)) replace(header, start, end);
    }

    private void replace(byte[] header, long start, long end) {
        copyTo(start);
        String block = new String(header, 0, Math.min(header.length, left), StandardCharsets.ISO_8859_1);
        left -= block.length();
        boolean cut = block.length() < end - start;
        String whole = cut ? block.substring(0, block.lastIndexOf('\n') + 1) : block;
        byte[] shown = (SurrogateField.all(whole) + (cut ? "\r\n" : "")).getBytes(StandardCharsets.ISO_8859_1);
        if (shown.length > 0) pieces.add(Octets.of(shown));
        done = end;
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
