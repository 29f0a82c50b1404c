package org.posthorn.net;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.nio.NioSession;
import org.posthorn.api.mail.Message;

/**
 * What a connection has to send. It is gathered until the end of a turn and goes out in as few writes as can be; parts of messages are read
 * when their time comes, the big ones by the kernel. MINA is never given more than a few writes at once: its TLS filter loses what is beyond 64.
 */
final class Outbox {

    /** More than this waiting, and no further commands are read. */
    static final long FULL = 256 * 1024;

    private static final int WRITES_AT_ONCE = 8;
    private static final int BIG = 32 * 1024;
    private static final int REGION = 256 * 1024;
    private static final int WRITE = 64 * 1024;
    private static final int TLS_RECORD = 16 * 1024;
    private static final byte[] NONE = {};

    private final IoSession session;
    private final Wire wire;
    private final Runnable wake;
    private final Deque<Piece> queue = new ArrayDeque<>(2);
    private byte[] text = NONE;
    private int length;
    private long backlog;
    /** The sizes of the writes that MINA has and the network has not, in order. */
    private final Deque<Long> flying = new ArrayDeque<>(2);

    private int wakeAt = -1;

    Outbox(IoSession session, Wire wire, Runnable wake) {
        this.session = session;
        this.wire = wire;
        this.wake = wake;
    }

    void send(String octets) {
        send(octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    synchronized void send(byte[] octets) {
        int needed = length + octets.length;
        if (needed > text.length) text = Arrays.copyOf(text, Math.max(needed, Math.max(256, 2 * length)));
        System.arraycopy(octets, 0, text, length, octets.length);
        length = needed;
        backlog += octets.length;
    }

    synchronized void send(Message message, long position, long count) {
        endText();
        if (count > 0) queue.add(new Piece.Part(message, position, count));
        backlog += count;
    }

    /** Octets not yet taken by the network. */
    synchronized long backlog() {
        return backlog;
    }

    /** Something is left that the network was not given yet. */
    synchronized boolean hasMore() {
        return length > 0 || !queue.isEmpty();
    }

    /** Nothing left to send, nothing on its way. */
    synchronized boolean empty() {
        return length == 0 && queue.isEmpty() && flying.isEmpty();
    }

    /** Nothing on its way, and nothing left but text. */
    synchronized boolean emptyButText() {
        return queue.isEmpty() && flying.isEmpty();
    }

    /** A part of a message waits. */
    synchronized boolean hasParts() {
        return !queue.isEmpty();
    }

    /** The text that is all that is left; the caller sends it. */
    synchronized byte[] takeText() {
        byte[] all = Arrays.copyOf(text, length);
        text = NONE;
        length = 0;
        flying.add((long) all.length);
        return all;
    }

    /** Gives the network what it may have now. On the turn's thread only; the disk is read outside of the lock. */
    void flush(boolean tls) throws IOException {
        for (List<Piece> next = take(tls); !next.isEmpty(); next = take(tls)) {
            if (next.get(0) instanceof Piece.Part part && big(part, tls)) give(new MessageRegion(part), part.size());
            else write(Piece.join(next), tls);
        }
    }

    private static boolean big(Piece piece, boolean tls) {
        return !tls && piece instanceof Piece.Part && piece.size() > BIG;
    }

    /** What the next write is made of: a big part, or several small pieces. */
    private synchronized List<Piece> take(boolean tls) {
        endText();
        List<Piece> taken = new ArrayList<>(3);
        if (flying.size() >= WRITES_AT_ONCE || queue.isEmpty()) return taken;
        if (big(queue.peek(), tls)) {
            taken.add(cut(REGION));
            return taken;
        }
        long room = tls ? TLS_RECORD : WRITE;
        while (room > 0 && !queue.isEmpty() && !big(queue.peek(), tls)) {
            Piece piece = cut(room);
            room -= piece.size();
            taken.add(piece);
        }
        return taken;
    }

    private Piece cut(long most) {
        Piece piece = queue.remove();
        if (piece.size() <= most) return piece;
        queue.addFirst(piece.from(most));
        return piece.upTo(most);
    }

    private void endText() {
        if (length == 0) return;
        queue.add(new Piece.Octets(text, 0, length));
        text = NONE;
        length = 0;
    }

    private void write(IoBuffer octets, boolean tls) throws IOException {
        boolean alone;
        synchronized (this) {
            alone = flying.isEmpty();
        }
        if (alone && !tls) {
            int before = octets.remaining();
            wire.writeNow((NioSession) session, octets);
            synchronized (this) {
                backlog -= before - octets.remaining();
            }
        }
        if (octets.hasRemaining()) give(octets, octets.remaining());
    }

    private void give(Object write, long size) {
        synchronized (this) {
            flying.add(size);
        }
        session.write(write);
    }

    /** The network has taken a write. */
    void sent() {
        boolean call;
        synchronized (this) {
            backlog -= flying.remove();
            call = flying.size() <= wakeAt;
            if (call) wakeAt = -1;
        }
        if (call) wake.run();
    }

    /** Wakes the turn when some of what is on its way has been taken. @return false when there is nothing to wait for */
    synchronized boolean wakeLater() {
        if (flying.isEmpty()) return false;
        wakeAt = flying.size() >= WRITES_AT_ONCE ? WRITES_AT_ONCE / 2 : flying.size() - 1;
        return true;
    }

    /** What the step would send, unsent. */
    byte[] unsent(Runnable step) {
        synchronized (this) {
            endText();
        }
        step.run();
        synchronized (this) {
            byte[] all = Arrays.copyOf(text, length);
            text = NONE;
            backlog -= length;
            length = 0;
            return all;
        }
    }

    synchronized void clear() {
        queue.clear();
        text = NONE;
        length = 0;
    }
}
