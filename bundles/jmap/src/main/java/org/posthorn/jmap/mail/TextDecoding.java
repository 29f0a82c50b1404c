package org.posthorn.jmap.mail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;

/** Octets to text that notices what cannot be decoded, puts U+FFFD in its place and goes on; CRLF becomes LF. For one text. */
final class TextDecoding {

    private static final int BLOCK = 1 << 13;

    private final CharsetDecoder decoder;
    private final ByteBuffer octets = ByteBuffer.allocate(BLOCK);
    private final CharBuffer chars = CharBuffer.allocate(BLOCK);
    private final StringBuilder text = new StringBuilder();
    private boolean problem;

    TextDecoding(Charset charset) {
        decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    /** Reads until there is no more, or there are more characters than that. */
    BodyValue read(InputStream in, int most) throws IOException {
        boolean ended = false;
        while (!ended && text.length() <= most) {
            int n = in.read(octets.array(), octets.position(), octets.remaining());
            ended = n < 0;
            if (n > 0) octets.position(octets.position() + n);
            octets.flip();
            decode(ended);
            octets.compact();
        }
        return new BodyValue(text.toString(), problem, !ended);
    }

    private void decode(boolean ended) {
        CoderResult result;
        do {
            result = decoder.decode(octets, chars, ended);
            take();
            if (result.isError()) {
                problem = true;
                text.append('\uFFFD');
                octets.position(octets.position() + result.length());
            }
        } while (!result.isUnderflow());
        if (ended) decoder.flush(chars);
        take();
    }

    private void take() {
        chars.flip();
        while (chars.hasRemaining()) {
            char c = chars.get();
            int last = text.length() - 1;
            if (c == '\n' && last >= 0 && text.charAt(last) == '\r') text.setCharAt(last, c);
            else text.append(c);
        }
        chars.clear();
    }
}
