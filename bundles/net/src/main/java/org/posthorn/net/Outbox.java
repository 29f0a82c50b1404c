package org.posthorn.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.transport.socket.nio.NioSession;
import org.posthorn.api.mail.Message;

/**
 * What a connection has to send. It is gathered until the end of a turn and goes out in as few writes as can be, on the turn's own thread as long as the
 * socket takes it; parts of messages are read when their time comes, the big ones by the kernel. What the socket does not take MINA has, and
 * nothing follows until it is gone: there is one way out, and one at a time is on it.
 */
final class Outbox {

    /** More than this waiting, and no further commands are read. */
    static final long FULL = 256 * 1024;

    private static final int BIG = 32 * 1024;
    private static final int REGION = 256 * 1024;
    private static final int WRITE = 64 * 1024;
    private static final byte[] NONE = {};

    private final NioSession session;
    private final SocketChannel channel;
    private final Runnable wake;
    private final Deque<Piece> queue = new ArrayDeque<>(2);
    private byte[] text = NONE;
    private int length;
    private long backlog;
    private boolean flying;
    private long flyingOctets;
    private boolean wakeWhenTaken;
    private Tunnel tunnel;
    private volatile Deflation deflation;

    Outbox(NioSession session, Runnable wake) {
        this.session = session;
        this.channel = (SocketChannel) session.getChannel();
        this.wake = wake;
    }

    /** What is sent from now on goes through TLS, as soon as its handshake is done. */
    void through(Tunnel next) {
        tunnel = next;
    }

    /** What is sent from now on is compressed. In a turn, when nothing is left to be sent. */
    void deflate() {
        deflation = new Deflation();
    }

    /** It is so no longer. In a turn, when nothing is left to be sent, nor on its way. */
    void plain() throws IOException {
        ByteBuffer last = deflation.finish();
        deflation = null;
        put(last, 0);
    }

    boolean compressed() {
        return deflation != null;
    }

    /** Whether it has memory that a connection which says nothing can do without. */
    boolean awake() {
        Deflation now = deflation;
        return now != null && now.awake();
    }

    /** Does without that memory. In a turn only. */
    void rest() {
        if (deflation != null) deflation.rest();
    }

    void send(String octets) {
        send(octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    synchronized void send(byte[] octets) {
        int needed = length + octets.length;
        if (length == 0) text = octets;
        else {
            // With room for a few words more, as stand behind what is long.
            if (needed > text.length) text = Arrays.copyOf(text, Math.max(needed + needed / 8, 2 * length));
            System.arraycopy(octets, 0, text, length, octets.length);
        }
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

    /** Something is left that may be sent and was not. In a turn only. */
    synchronized boolean hasMore() {
        if (tunnel != null && tunnel.hasSealed()) return true;
        return open() && (length > 0 || !queue.isEmpty());
    }

    /** Nothing left to send, nothing on its way. */
    synchronized boolean empty() {
        return length == 0 && queue.isEmpty() && !flying;
    }

    /** The last write is still on its way. */
    synchronized boolean flying() {
        return flying;
    }

    private boolean open() {
        return tunnel == null || tunnel.secured();
    }

    /** Gives the network what it takes now. On the turn's thread only; the disk is read outside of the lock. */
    void flush() throws IOException {
        while (!flying()) {
            if (tunnel != null && tunnel.hasSealed()) write(tunnel.sealed(), 0);
            else if (!flushNext()) return;
        }
    }

    private boolean flushNext() throws IOException {
        List<Piece> next = take();
        if (next.isEmpty()) return false;
        if (big(next.get(0))) transfer((Piece.Part) next.get(0));
        else {
            ByteBuffer octets = Piece.join(next);
            int size = octets.remaining();
            put(deflated(octets), size);
        }
        return true;
    }

    /** What more follows may wait for; the last piece takes all with it, or a client would wait for the end of an answer. */
    private ByteBuffer deflated(ByteBuffer octets) {
        if (deflation == null) return octets;
        return hasMore() ? deflation.add(octets) : deflation.flush(octets);
    }

    private void put(ByteBuffer octets, long size) throws IOException {
        if (tunnel == null || !octets.hasRemaining()) write(octets, size);
        else {
            tunnel.seal(octets);
            write(tunnel.sealed(), size);
        }
    }

    private boolean big(Piece piece) {
        return tunnel == null && deflation == null && piece instanceof Piece.Part && piece.size() > BIG;
    }

    /** What the next write is made of: a big part, or several small pieces. */
    private synchronized List<Piece> take() {
        if (!open() || length == 0 && queue.isEmpty()) return List.of();
        if (queue.isEmpty() && length <= WRITE) return List.of(takeText());
        endText();
        if (big(queue.peek())) return List.of(cut(REGION));
        List<Piece> taken = new ArrayList<>(3);
        long room = WRITE;
        while (room > 0 && !queue.isEmpty() && !big(queue.peek())) {
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
        if (length > 0) queue.add(takeText());
    }

    private Piece takeText() {
        Piece taken = new Piece.Octets(text, 0, length);
        text = NONE;
        length = 0;
        return taken;
    }

    private void write(ByteBuffer octets, long size) throws IOException {
        channel.write(octets);
        if (octets.hasRemaining()) fly(IoBuffer.wrap(octets), size);
        else taken(size);
    }

    private void transfer(Piece.Part part) throws IOException {
        MessageRegion region = new MessageRegion(part);
        region.update(region.getFileChannel().transferTo(part.position(), part.size(), channel));
        if (region.getRemainingBytes() > 0) fly(region, part.size());
        else taken(part.size());
    }

    /** Sends the end of the stream. */
    void end() throws IOException {
        channel.shutdownOutput();
    }

    private synchronized void taken(long size) {
        backlog -= size;
    }

    private void fly(Object write, long size) {
        synchronized (this) {
            flying = true;
            flyingOctets = size;
        }
        session.write(write);
    }

    /** The network has taken what was on its way. */
    void sent() {
        boolean call;
        synchronized (this) {
            flying = false;
            backlog -= flyingOctets;
            call = wakeWhenTaken;
            wakeWhenTaken = false;
        }
        if (call) wake.run();
    }

    /** Wakes the turn when what is on its way has been taken. @return false when there is nothing to wait for */
    synchronized boolean wakeLater() {
        wakeWhenTaken = flying;
        return flying;
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

    /** Gives the memory of the compression back. The last call. */
    void release() {
        if (deflation != null) deflation.end();
    }
}
