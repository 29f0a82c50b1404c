package org.posthorn.net;

import java.util.concurrent.Executor;
import org.apache.mina.transport.socket.nio.NioProcessor;
import org.apache.mina.transport.socket.nio.NioSession;

/** MINA's processor without two delays that a busy mail server would notice. */
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
