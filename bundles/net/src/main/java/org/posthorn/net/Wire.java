package org.posthorn.net;

import java.io.IOException;
import java.util.concurrent.Executor;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.transport.socket.nio.NioProcessor;
import org.apache.mina.transport.socket.nio.NioSession;

/** MINA's processor with two things added that a busy mail server needs. */
public final class Wire extends NioProcessor {

    private volatile Thread selecting;

    /** For MINA's pool. */
    public Wire(Executor threads) {
        super(threads);
    }

    @Override
    protected int select(long timeout) throws Exception {
        selecting = Thread.currentThread();
        return super.select(timeout);
    }

    /** MINA changes the key's interest where it stands; a selector that waits would hear of it up to a second later. */
    @Override
    public void updateTrafficControl(NioSession session) {
        if (Thread.currentThread() == selecting) super.updateTrafficControl(session);
        else updateTrafficMask(session);
    }

    /**
     * Writes at once, on the caller's thread: an answer is out without waking another thread. Only while nothing of the session waits to be
     * written. What the socket does not take stays in the buffer.
     */
    void writeNow(NioSession session, IoBuffer octets) throws IOException {
        write(session, octets, octets.remaining());
    }
}
