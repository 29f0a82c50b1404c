package org.posthorn.smtp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.posthorn.api.net.Sink;

/** Hands on what comes, and drops a client that dribbles: each octet in time, and the whole never at its end. */
final class PacedSink implements Sink {

    private static final long GRACE = TimeUnit.MINUTES.toNanos(10);

    private final Session session;
    private final Sink sink;
    private final long start = System.nanoTime();
    private long octets;

    PacedSink(Session session, Sink sink) {
        this.session = session;
        this.sink = sink;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        octets += bytes.remaining();
        long late = System.nanoTime() - start - GRACE;
        if (late > 0
                && octets
                        < TimeUnit.NANOSECONDS.toSeconds(late)
                                * session.settings().slowestRate()) {
            session.drop(421, "4.4.2", "Too slow");
            throw new IOException("the client is too slow");
        }
        sink.write(bytes);
    }
}
