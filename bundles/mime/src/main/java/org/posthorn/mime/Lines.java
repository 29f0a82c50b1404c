package org.posthorn.mime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Lines of a stream and where they stand; only the beginning of a long one is kept. */
final class Lines {

    /** How much of a line can be asked for. */
    static final int KEPT = 1 << 14;

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 13];
    private int at;
    private int filled;
    private byte[] kept = new byte[256];
    private int keptLength;
    private long start;
    private long next;
    private int endLength;
    private long count;

    Lines(InputStream in) {
        this.in = in;
    }

    /** Goes to the next line; false at the end. A line ends with LF, or with the stream. */
    boolean advance() throws IOException {
        start = next;
        keptLength = 0;
        endLength = 0;
        boolean any = false;
        byte before = 0;
        while (more()) {
            any = true;
            int end = at;
            while (end < filled && buffer[end] != '\n') end++;
            boolean ended = end < filled;
            byte last = end > at ? buffer[end - 1] : before;
            take(ended ? end + 1 : end);
            before = last;
            if (!ended) continue;
            endLength = last == '\r' ? 2 : 1;
            count++;
            break;
        }
        return any;
    }

    private boolean more() throws IOException {
        if (at < filled) return true;
        at = 0;
        filled = Math.max(0, in.read(buffer));
        return filled > 0;
    }

    private void take(int to) {
        int n = Math.min(to - at, KEPT - keptLength);
        if (keptLength + n > kept.length) kept = Arrays.copyOf(kept, Math.min(KEPT, 2 * (keptLength + n)));
        System.arraycopy(buffer, at, kept, keptLength, n);
        keptLength += n;
        next += to - at;
        at = to;
    }

    /** Where this line begins. */
    long start() {
        return start;
    }

    /** Where the next one begins. */
    long next() {
        return next;
    }

    /** The length of this line's end: 2, 1 or, at the end of the stream, 0. */
    int endLength() {
        return endLength;
    }

    /** Line ends so far. */
    long count() {
        return count;
    }

    boolean isEmpty() {
        return next - start == endLength && endLength > 0;
    }

    boolean startsWith(byte[] prefix, int from) {
        if (keptLength - from < prefix.length) return false;
        for (int i = 0; i < prefix.length; i++) if (kept[from + i] != prefix[i]) return false;
        return true;
    }

    /** The octet at that place of the line; 0 beyond its end. */
    byte octet(int place) {
        return place < keptLength ? kept[place] : 0;
    }

    /** The line with its end, or as much of it as is kept. */
    String text() {
        return new String(kept, 0, keptLength, StandardCharsets.ISO_8859_1);
    }
}
