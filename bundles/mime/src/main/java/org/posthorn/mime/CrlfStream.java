package org.posthorn.mime;

import java.io.IOException;
import java.io.InputStream;

/** Reads octets with CRLF at the ends of lines and perhaps without the quotes of an mboxrd. */
final class CrlfStream extends InputStream {

    private static final byte[] FROM = {'F', 'r', 'o', 'm', ' '};

    private final Window window;
    private final boolean unquote;
    private long in;
    private boolean lineStart = true;
    private boolean cr;
    private boolean lf;
    // Signs of quoting, then letters of From, that were read and not yet given.
    private long signs;
    private int letters;
    private int lettersGiven;

    CrlfStream(Octets raw, boolean unquote) {
        this.window = Window.of(raw);
        this.unquote = unquote;
    }

    @Override
    public int read() throws IOException {
        return next();
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        if (length == 0) return 0;
        int done = 0;
        for (int b; done < length && (b = next()) >= 0; done++) to[offset + done] = (byte) b;
        return done == 0 ? -1 : done;
    }

    private int next() throws IOException {
        if (signs > 0 || letters > 0) return held();
        if (lf) {
            lf = false;
            return '\n';
        }
        int b = take();
        if (b == '\n') return end();
        if (b == '>' && lineStart && unquote) return quote();
        lineStart = false;
        cr = b == '\r';
        return b;
    }

    private int end() {
        lineStart = true;
        lf = !cr;
        cr = false;
        return lf ? '\r' : '\n';
    }

    private int held() {
        if (signs > 0) {
            signs--;
            return '>';
        }
        int b = FROM[lettersGiven++];
        if (lettersGiven == letters) letters = lettersGiven = 0;
        return b;
    }

    /** One sign is taken off if {@code From } follows the run of them. */
    private int quote() throws IOException {
        lineStart = false;
        int b;
        for (signs = 1; (b = take()) == '>'; ) signs++;
        while (letters < FROM.length && b == FROM[letters]) {
            letters++;
            if (letters < FROM.length) b = take();
        }
        if (letters == FROM.length) signs--;
        else if (b >= 0) in--;
        return held();
    }

    private int take() throws IOException {
        int b = window.at(in);
        if (b >= 0) in++;
        return b;
    }
}
