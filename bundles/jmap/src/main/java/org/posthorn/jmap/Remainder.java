package org.posthorn.jmap;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client still sends when it has its refusal already, thrown away for a while, without a thread: where a connection is closed while octets come, the client's system
 * throws the answer away.
 */
final class Remainder implements ReadListener {

    /** Most clients look at an answer only when they have sent all. */
    static final Duration LONGEST = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(Remainder.class);

    private final ServletInputStream in;
    private final Runnable ended;
    private final long begin = System.nanoTime();
    private final byte[] buffer = new byte[1 << 13];

    /** @param ended called once or more often, on any thread */
    Remainder(ServletInputStream in, Runnable ended) {
        this.in = in;
        this.ended = ended;
    }

    /** Whether more is on its way. Who waits to be asked for a body does not send it. */
    static boolean comes(HttpServletRequest request) throws IOException {
        boolean body = request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
        return body
                && request.getHeader("Expect") == null
                && !request.getInputStream().isFinished();
    }

    @Override
    public void onDataAvailable() throws IOException {
        while (System.nanoTime() - begin < LONGEST.toNanos() && in.isReady()) if (in.read(buffer) < 0) return;
    }

    @Override
    public void onAllDataRead() {
        ended.run();
    }

    @Override
    public void onError(Throwable error) {
        LOG.debug("A client that is refused has not sent all: {}", error.toString());
        ended.run();
    }
}
