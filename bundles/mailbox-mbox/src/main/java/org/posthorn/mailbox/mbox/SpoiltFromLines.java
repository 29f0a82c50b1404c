package org.posthorn.mailbox.mbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * From lines whose first octets a disk has hurt, so that their message is taken for a part of the one before. One is believed when the index knows the
 * message that it would begin: text that only looks so, which anybody can send, is left alone.
 */
final class SpoiltFromLines {

    private static final byte[] FROM = "From ".getBytes(StandardCharsets.US_ASCII);
    /** A header that is longer is not looked at. */
    private static final int HEADER = 32 * 1024;
    /** Whoever writes more lines that look so has not a disk to blame. */
    private static final int MOST = 10_000;

    private final Mbox mbox;
    private final Predicate<String> known;
    private final List<Long> candidates = new ArrayList<>();
    private boolean blank = true;

    SpoiltFromLines(Mbox mbox, Predicate<String> known) {
        this.mbox = mbox;
        this.known = known;
    }

    /** Where they stand. */
    List<Long> find() throws IOException {
        Lines.read(Lines.of(mbox.channel(), 0), 0, this::piece);
        List<Long> found = new ArrayList<>();
        for (long candidate : candidates) if (begins(candidate)) found.add(candidate);
        return found;
    }

    private void piece(Lines.Piece piece) {
        boolean could = piece.begins && piece.ends && blank && piece.length > FROM.length;
        if (could
                && candidates.size() < MOST
                && !FromLine.is(piece.bytes, piece.from, piece.length)
                && FromLine.date(piece.bytes, piece.from, piece.length).isPresent()) candidates.add(piece.at);
        blank = piece.empty();
    }

    /** Whether what begins there, with a From line that is one, is a message that is known. */
    private boolean begins(long at) throws IOException {
        byte[] octets = mbox.bytes(at, HEADER);
        System.arraycopy(FROM, 0, octets, 0, FROM.length);
        int end = headerEnd(octets);
        if (end < 0) return false;
        ByteBuffer message = ByteBuffer.wrap(Arrays.copyOf(octets, end));
        Parser parser = new Parser(Instant.EPOCH, new HashMap<>());
        Lines.Source source = (to, offset, length) -> {
            int n = Math.min(length, message.remaining());
            message.get(to, offset, n);
            return n;
        };
        List<Part> parts = parser.parse(source, 0);
        Optional<String> key = parts.stream().map(Part::key).findFirst();
        return key.filter(known).isPresent();
    }

    /** Behind the empty line that ends the header. */
    private static int headerEnd(byte[] octets) {
        for (int i = 1; i < octets.length; i++)
            if (octets[i] == '\n' && (octets[i - 1] == '\n' || i > 1 && octets[i - 1] == '\r' && octets[i - 2] == '\n'))
                return i + 1;
        return -1;
    }

    /** Makes them From lines again, where they stand. */
    static Mbox mend(Mbox mbox, List<Long> places) throws IOException {
        for (long place : places) mbox.write(place, ByteBuffer.wrap(FROM));
        mbox.force();
        mbox.reparse(0);
        return mbox;
    }
}
