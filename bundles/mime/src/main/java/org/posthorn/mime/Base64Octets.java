package org.posthorn.mime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Base64;

/** Octets as lines of base64, RFC 2045 6.8; the last one has its end too. */
record Base64Octets(Octets raw) implements Octets {

    private static final int RAW_LINE = 57;
    private static final int LINE = 78;
    private static final int LINES = 256;
    private static final byte[] CRLF = {'\r', '\n'};

    @Override
    public long size() {
        long rest = raw.size() % RAW_LINE;
        return raw.size() / RAW_LINE * LINE + (rest == 0 ? 0 : (rest + 2) / 3 * 4 + CRLF.length);
    }

    @Override
    public InputStream open() {
        return new OctetStream(this);
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
        if (position >= size()) return 0;
        byte[] lines = lines(position / LINE * RAW_LINE);
        int from = (int) (position % LINE);
        return to.write(ByteBuffer.wrap(lines, from, (int) Math.min(count, lines.length - from)));
    }

    /** Some lines of what stands there. */
    private byte[] lines(long place) throws IOException {
        byte[] block = new byte[(int) Math.min(RAW_LINE * LINES, raw.size() - place)];
        Window window = Window.of(raw);
        for (int i = 0; i < block.length; i++) block[i] = (byte) window.at(place + i);
        byte[] encoded = Base64.getMimeEncoder(LINE - CRLF.length, CRLF).encode(block);
        return ByteBuffer.allocate(encoded.length + CRLF.length)
                .put(encoded)
                .put(CRLF)
                .array();
    }
}
