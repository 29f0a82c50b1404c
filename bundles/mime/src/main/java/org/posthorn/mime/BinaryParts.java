package org.posthorn.mime;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.posthorn.api.mail.Message;

/**
 * A message with binary parts (RFC 2045 6.2) made one of lines: those that are none become base64. What needs no change stays as it is, or signatures
 * would break (RFC 3516 6); so do multiparts and messages in the message, which may say binary of what is not.
 */
public final class BinaryParts {

    private static final byte[] BASE64 = "Content-Transfer-Encoding: base64\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Message message;
    private final List<Octets> pieces = new ArrayList<>();
    private long done;
    private boolean nul;

    private BinaryParts(Message message) {
        this.message = message;
    }

    /** The message in lines; empty when a NUL stands where nothing says binary. Reads it twice; good for as long as the message is. */
    public static Optional<Message> encoded(Message message) throws IOException {
        BinaryParts parts = new BinaryParts(message);
        parts.part(MimeParser.parse(message));
        parts.copyTo(message.size());
        if (parts.nul) return Optional.empty();
        boolean same = parts.pieces.size() <= 1;
        return Optional.of(same ? message : StoredMessage.of(new JoinedOctets(parts.pieces)));
    }

    private void part(Part part) throws IOException {
        // Only 7bit, 8bit and binary are for these, RFC 2045 6.4.
        boolean composite = part.isMultipart() || part.isMessage() || part.is("message/rfc822");
        if (composite) for (Part child : part.children()) part(child);
        else if (part.encoding().equalsIgnoreCase("binary")) leaf(part);
    }

    private void leaf(Part part) throws IOException {
        Octets body = Octets.of(message, part.body(), part.octets());
        if (inLines(body)) return;
        relabel(part);
        copyTo(part.body());
        pieces.add(new Base64Octets(body));
        done = part.end();
    }

    /** Puts the new encoding in the place of the field that counts: the first. */
    private void relabel(Part part) throws IOException {
        try (InputStream in =
                Octets.of(message, part.start(), part.body() - part.start()).open()) {
            Lines lines = new Lines(in);
            while (lines.advance() && !isEncoding(lines)) continue;
            copyTo(part.start() + lines.start());
            pieces.add(Octets.of(BASE64));
            while (lines.advance() && (lines.octet(0) == ' ' || lines.octet(0) == '\t')) continue;
            done = part.start() + lines.start();
        }
    }

    private static boolean isEncoding(Lines lines) {
        String line = lines.text();
        return line.indexOf(':') <= HeaderFields.LONGEST_NAME
                && HeaderBlock.field(line)
                        .filter(f -> f.is("Content-Transfer-Encoding"))
                        .isPresent();
    }

    private void copyTo(long place) throws IOException {
        if (place <= done) return;
        Octets piece = Octets.of(message, done, place - done);
        nul |= firstNul(piece).isPresent();
        pieces.add(piece);
        done = place;
    }

    /** The place of the first NUL in them; empty when there is none. Reads all before it. */
    public static OptionalLong firstNul(Octets octets) throws IOException {
        byte[] block = new byte[16 * 1024];
        try (InputStream in = octets.open()) {
            long place = 0;
            for (int n; (n = in.read(block)) > 0; place += n)
                for (int i = 0; i < n; i++) if (block[i] == 0) return OptionalLong.of(place + i);
        }
        return OptionalLong.empty();
    }

    /** Whether they are text as far as the line ends go, RFC 2045 2.8. */
    private static boolean inLines(Octets octets) throws IOException {
        int before = 0;
        try (InputStream in = new BufferedInputStream(octets.open())) {
            for (int b; (b = in.read()) >= 0; before = b) if (b == 0 || (b == '\n') != (before == '\r')) return false;
        }
        return before != '\r';
    }
}
