package org.posthorn.mime;

import java.io.IOException;
import java.io.InputStream;

/** Reads octets that are at rest. */
final class OctetStream extends InputStream {

    private final Octets octets;
    private final Window window;
    private long at;

    OctetStream(Octets octets) {
        this.octets = octets;
        this.window = Window.of(octets);
    }

    @Override
    public int read() throws IOException {
        int b = window.at(at);
        if (b >= 0) at++;
        return b;
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
        int n = 0;
        for (int b; n < most && (b = read()) >= 0; n++) into[from + n] = (byte) b;
        return n == 0 && most > 0 ? -1 : n;
    }

    @Override
    public long skip(long count) {
        long skipped = Math.max(0, Math.min(count, octets.size() - at));
        at += skipped;
        return skipped;
    }
}
