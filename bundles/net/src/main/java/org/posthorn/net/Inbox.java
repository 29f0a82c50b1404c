package org.posthorn.net;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What the network has brought and the conversation has not looked at. When it is full the socket is not read until there is room
 * again, so a client that talks on costs nothing.
 */
final class Inbox {

    private static final int FULL = 128 * 1024;
    /** What a buffer itself costs, so that a client that sends octet by octet is full sooner. */
    private static final int BUFFER = 128;

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final Runnable stopReading;
    private final Runnable readOn;
    private final Deque<ByteBuffer> buffers = new ArrayDeque<>(2);
    private int octets;
    private int remainedInFirst;
    private boolean stopped;
    private boolean ended;

    Inbox(Runnable stopReading, Runnable readOn) {
        this.stopReading = stopReading;
        this.readOn = readOn;
    }

    /** Octets came, in a buffer with an array that is not much longer than they are. */
    synchronized void add(ByteBuffer came) {
        if (ended) return;
        if (buffers.isEmpty()) remainedInFirst = came.remaining();
        buffers.add(came);
        octets += came.remaining() + BUFFER;
        if (octets >= FULL && !stopped) {
            stopped = true;
            stopReading.run();
        }
    }

    /** The client sends no more. Nobody reads on: the end of the stream would be there again and again. */
    synchronized void end() {
        ended = true;
        stopped = true;
        stopReading.run();
    }

    /** The next octets, empty if there are none. What is taken from the buffer is gone; one thread at a time. */
    synchronized ByteBuffer next() {
        ByteBuffer first = buffers.peek();
        if (first != null) {
            octets -= remainedInFirst - first.remaining();
            remainedInFirst = first.remaining();
            if (remainedInFirst == 0) {
                buffers.remove();
                octets -= BUFFER;
                first = buffers.peek();
                remainedInFirst = first == null ? 0 : first.remaining();
            }
        }
        if (stopped && !ended && octets < FULL / 2) {
            stopped = false;
            readOn.run();
        }
        return first == null ? EMPTY : first;
    }

    /** Whether all has been taken and no more will come. */
    synchronized boolean exhausted() {
        return ended && !next().hasRemaining();
    }

    /** Whether the client has closed its end. */
    synchronized boolean ended() {
        return ended;
    }

    /** Forgets what is there, and makes room for what is to be forgotten too. */
    synchronized void clear() {
        buffers.clear();
        octets = 0;
        next();
    }
}
