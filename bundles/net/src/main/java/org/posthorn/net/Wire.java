package org.posthorn.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.session.SessionState;
import org.apache.mina.transport.socket.nio.NioProcessor;
import org.apache.mina.transport.socket.nio.NioSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** MINA's processor with less to do for each read, and without a delay and a complaint that a busy mail server would notice. */
public class Wire extends NioProcessor {

    private static final Logger LOG = LoggerFactory.getLogger(Wire.class);
    private static final int READ_AT_ONCE = 64 * 1024;

    private final ByteBuffer room = ByteBuffer.allocateDirect(READ_AT_ONCE);
    private volatile Thread selecting;

    private final Loop loop;

    /** For MINA's pool. */
    public Wire(Executor threads) {
        this(new Loop(threads, System::nanoTime));
    }

    private Wire(Loop loop) {
        super(loop);
        this.loop = loop;
    }

    /** What an Error has left of the selected is no news to the selector, and MINA would not look at it. */
    @Override
    protected int select(long timeout) throws Exception {
        loop.at(null);
        selecting = Thread.currentThread();
        int news = super.select(timeout);
        return news == 0 && selectedSessions().hasNext() ? 1 : news;
    }

    /** MINA begins with this when it takes a new connection in. */
    @Override
    protected void init(NioSession session) throws Exception {
        loop.at(session);
        super.init(session);
    }

    /** MINA begins with this when it writes, removes, or changes what is listened for. */
    @Override
    protected SessionState getState(NioSession session) {
        loop.at(session);
        return super.getState(session);
    }

    /** MINA begins with this when it reads. */
    @Override
    protected boolean isReadable(NioSession session) {
        loop.at(session);
        return super.isReadable(session);
    }

    /**
     * Takes what is there with one call of the system, and hands on no more room than it needs. MINA guesses how much will come, in buffers
     * that double from read to read, and asks once more when it has all. What did not fit is told of again.
     */
    @Override
    protected int read(NioSession session, IoBuffer into) throws Exception {
        room.clear();
        int n = session.getChannel().read(room);
        if (n > into.capacity()) into.capacity(n);
        if (n > 0) into.limit(n).put(room.flip());
        return n;
    }

    /** That a client has gone is no error of the server, as which MINA would log it. */
    @Override
    protected int write(NioSession session, IoBuffer octets, int length) {
        try {
            return super.write(session, octets, length);
        } catch (IOException e) {
            LOG.debug("The connection with {} broke: {}", session.getRemoteAddress(), e.toString());
            session.closeNow();
            return 0;
        }
    }

    /** MINA changes the key's interest where it stands; a selector that waits would hear of it up to a second later. */
    @Override
    public void updateTrafficControl(NioSession session) {
        if (Thread.currentThread() != selecting) {
            updateTrafficMask(session);
            return;
        }
        super.updateTrafficControl(session);
        if (session.getCurrentWriteRequest() != null) goOnWriting(session);
    }

    /** MINA looks for something to write in the queue, where a write that is half done is no longer. */
    private void goOnWriting(NioSession session) {
        try {
            setInterestedInWrite(session, true);
        } catch (Exception e) {
            session.getFilterChain().fireExceptionCaught(e);
        }
    }
}
