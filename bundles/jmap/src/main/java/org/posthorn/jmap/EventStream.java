package org.posthorn.jmap;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The socket of one who hears events, as the HTML standard has them (9.2). Nobody waits for it: what it has not taken when there is more is left out. Safe for several threads. */
final class EventStream implements WriteListener {

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    private final AsyncContext async;
    private final ServletOutputStream out;
    private final Runnable ended;
    private byte[] next;
    private boolean last;
    private boolean over;

    /** @param ended called once, on any thread, when it is over */
    EventStream(AsyncContext async, Runnable ended) throws IOException {
        this.async = async;
        this.out = async.getResponse().getOutputStream();
        this.ended = ended;
    }

    /** Sends an event in place of one that waits. */
    synchronized void send(String event) {
        next = event.getBytes(StandardCharsets.UTF_8);
        pump();
    }

    /** Sends one unless another waits, which tells as well that somebody is there. */
    synchronized void sendIfIdle(String event) {
        if (next == null) send(event);
    }

    /** Sends a last one. */
    synchronized void sendLast(String event) {
        last = true;
        send(event);
    }

    /** Ends it, behind what waits if that can be taken now. */
    synchronized void end() {
        last = true;
        if (!over && out.isReady()) pump();
        complete();
    }

    @Override
    public synchronized void onWritePossible() {
        pump();
    }

    private void pump() {
        try {
            while (!over && out.isReady()) {
                if (next == null) {
                    if (last) complete();
                    return;
                }
                byte[] event = next;
                next = null;
                out.write(event);
                if (out.isReady()) out.flush();
            }
        } catch (IOException | IllegalStateException e) {
            onError(e);
        }
    }

    @Override
    public synchronized void onError(Throwable error) {
        LOG.debug("One who hears events is gone: {}", error.toString());
        complete();
    }

    private void complete() {
        if (over) return;
        over = true;
        next = null;
        try {
            async.complete();
        } catch (IllegalStateException e) {
            LOG.debug("The stream of events had ended: {}", e.getMessage());
        }
        ended.run();
    }
}
