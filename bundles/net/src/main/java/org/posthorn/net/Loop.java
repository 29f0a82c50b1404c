package org.posthorn.net;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.apache.mina.transport.socket.nio.NioSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs MINA's loop. A lack of memory that passes would end it, and all of its connections with it: it keeps its state in fields and is entered again. The
 * connection that it was at is ended, because what came or went may be lost half way. A lack that does not pass is let through, and ends the process.
 */
final class Loop implements Executor {

    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    private static final int TOO_MANY = 10;
    private static final long WITHIN = Duration.ofSeconds(1).toNanos();

    private final Executor threads;
    private final LongSupplier nanoTime;
    private NioSession session;
    private int lacks;
    private long first;

    Loop(Executor threads, LongSupplier nanoTime) {
        this.threads = threads;
        this.nanoTime = nanoTime;
    }

    /** What it does now is for this connection, or, if that is null, for none. */
    void at(NioSession now) {
        session = now;
    }

    @Override
    public void execute(Runnable loop) {
        threads.execute(() -> run(loop));
    }

    private void run(Runnable loop) {
        OutOfMemoryError lack = null;
        for (boolean over = false; !over; ) {
            try {
                if (lack != null) recover(lack);
                loop.run();
                session = null;
                over = true;
            } catch (OutOfMemoryError e) {
                if (tooMany()) throw e;
                lack = e;
            }
        }
    }

    private boolean tooMany() {
        long now = nanoTime.getAsLong();
        if (lacks == 0 || now - first > WITHIN) {
            lacks = 0;
            first = now;
        }
        return ++lacks >= TOO_MANY;
    }

    private void recover(OutOfMemoryError lack) {
        if (session != null) {
            endInput();
            session.getProcessor().remove(session);
            session = null;
        }
        LOG.error("Connections lacked memory for a moment, and go on: {}", lack.toString());
    }

    /** MINA reads before it removes: what is behind a hole must not be taken for what comes next. */
    private void endInput() {
        try {
            ((SocketChannel) session.getChannel()).shutdownInput();
        } catch (IOException e) {
            LOG.debug("The connection with {} was closed already: {}", session.getRemoteAddress(), e.toString());
        }
    }
}
