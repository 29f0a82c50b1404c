package org.posthorn.jmap;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A body that comes at some pace from its beginning to its end: who begins fast and then lets it drip would keep a thread for days. For one thread. */
final class Paced extends FilterInputStream {

    static final Problem PROBLEM = Problem.plain(408, "The request comes too slowly");

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    static final int LEAST_IN_A_MINUTE = 1 << 15;

    private final LongSupplier nanos;
    private long begin;
    private long came;

    Paced(InputStream in, LongSupplier nanos) {
        super(in);
        this.nanos = nanos;
        begin = nanos.getAsLong();
    }

    /** Too little has come in a minute. */
    static final class Slow extends IOException {
        private static final long serialVersionUID = 1;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /** @throws Slow behind the octet that came too late */
    @Override
    public int read(byte[] to, int from, int length) throws IOException {
        int n = super.read(to, from, length);
        if (n < 0) return n;
        came += n;
        long now = nanos.getAsLong();
        if (now - begin < MINUTE) return n;
        if (came < LEAST_IN_A_MINUTE) throw new Slow();
        begin = now;
        came = 0;
        return n;
    }
}
