package org.posthorn.mime;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that ends after so many octets. */
final class BoundedStream extends FilterInputStream {

    private long left;

    BoundedStream(InputStream in, long octets) {
        super(in);
        left = octets;
    }

    @Override
    public int read() throws IOException {
        if (left <= 0) return -1;
        left--;
        return super.read();
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
        if (left <= 0) return -1;
        int n = super.read(into, from, (int) Math.min(most, left));
        if (n > 0) left -= n;
        return n;
    }

    @Override
    public long skip(long octets) throws IOException {
        long skipped = super.skip(Math.min(octets, left));
        left -= skipped;
        return skipped;
    }
}
