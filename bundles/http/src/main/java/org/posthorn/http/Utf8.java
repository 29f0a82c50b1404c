package org.posthorn.http;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Looks whether a text that comes in parts is UTF-8, RFC 6455 8.1. For one thread. */
final class Utf8 {

    /** As long as a character is whose end comes with the next part, and then some. */
    private static final int OPEN = 8;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final CharBuffer away = CharBuffer.allocate(1 << 9);
    private final ByteBuffer open = ByteBuffer.allocate(OPEN);

    /** @param last of this text; the next part begins another one */
    boolean takes(ByteBuffer part, boolean last) {
        while (open.position() > 0 && part.hasRemaining()) if (!join(part.get())) return false;
        CoderResult result;
        do {
            away.clear();
            result = decoder.decode(part, away, false);
            if (result.isError()) return false;
        } while (result.isOverflow());
        open.put(part);
        return !last || ends();
    }

    /** One octet more of the character that is open. */
    private boolean join(byte octet) {
        open.put(octet).flip();
        away.clear();
        boolean well = !decoder.decode(open, away, false).isError();
        open.compact();
        return well;
    }

    private boolean ends() {
        decoder.reset();
        return open.position() == 0;
    }
}
