package org.posthorn.mime;

import java.io.IOException;
import java.io.InputStream;

/** Takes an encoding off octets, from some place on. Broken encodings give what can be had of them. */
abstract class Decoder extends InputStream {

    /** A place where reading can begin: so many octets come of so many encoded ones, and nothing is held back there. */
    record Place(long out, long in) {}

    static final Place START = new Place(0, 0);

    /** The place of the next encoded octet. */
    protected long in;

    private final Window window;
    private long out;
    private long restOut;
    private long restIn;

    Decoder(Window encoded, Place from) {
        window = encoded;
        in = restIn = from.in();
        out = restOut = from.out();
    }

    /** The next decoded octet; -1 at the end. */
    abstract int next() throws IOException;

    /** Whether what comes depends on what comes now alone. */
    abstract boolean rests();

    /** The encoded octet there; -1 at the end. */
    protected final int at(long position) throws IOException {
        return window.at(position);
    }

    /** How many octets came of it so far. */
    final long out() {
        return out;
    }

    /** A place to read on from: where this stands, or a little before. */
    final Place place() {
        return new Place(restOut, restIn);
    }

    @Override
    public final int read() throws IOException {
        int b = next();
        if (b < 0) return b;
        out++;
        if (rests()) rest();
        return b;
    }

    /** Notes that nothing is held back here. */
    protected final void rest() {
        restOut = out;
        restIn = in;
    }

    @Override
    public final int read(byte[] into, int from, int most) throws IOException {
        int n = 0;
        for (int b; n < most && (b = read()) >= 0; n++) into[from + n] = (byte) b;
        return n == 0 && most > 0 ? -1 : n;
    }
}
