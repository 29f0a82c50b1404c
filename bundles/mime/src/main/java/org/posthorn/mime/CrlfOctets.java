package org.posthorn.mime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.WritableByteChannel;

/**
 * Octets whose lines may end in LF, read with CRLF. Reading on from where the last reader stopped costs nothing extra; going back means reading
 * from the start.
 */
public final class CrlfOctets implements Octets {

    private static final int BLOCK = 64 * 1024;

    private final Octets raw;
    private final long size;
    private final boolean unquote;
    private final Reading reading = new Reading(this::from);

    private CrlfOctets(Octets raw, long size, boolean unquote) {
        this.raw = raw;
        this.size = size;
        this.unquote = unquote;
    }

    /** @param size how much it is with CRLF, as {@link #sizeOf} counts */
    public static Octets of(Octets raw, long size) {
        return raw.size() == size ? raw : new CrlfOctets(raw, size, false);
    }

    /** The same for lines quoted as in an mboxrd, where {@code From } and what was quoted before has a {@code >} in front. */
    public static Octets ofMboxrd(Octets raw, long size) {
        return new CrlfOctets(raw, size, true);
    }

    /** How much it is with CRLF. Reads all of it. */
    public static long sizeOf(Octets raw) throws IOException {
        byte[] block = new byte[(int) Math.min(BLOCK, raw.size())];
        long bare = 0;
        byte before = 0;
        try (InputStream in = raw.open()) {
            for (int n; (n = in.read(block)) > 0; before = block[n - 1]) {
                for (int i = 0; i < n; i++) if (block[i] == '\n' && (i == 0 ? before : block[i - 1]) != '\r') bare++;
            }
        }
        return raw.size() + bare;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public InputStream open() {
        return new CrlfStream(raw, unquote);
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
        if (position >= size) return 0;
        return reading.transferTo(position, Math.min(count, size - position), to);
    }

    private InputStream from(long position) throws IOException {
        InputStream in = open();
        in.skipNBytes(position);
        return in;
    }
}
