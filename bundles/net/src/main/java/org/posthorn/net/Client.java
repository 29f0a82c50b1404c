package org.posthorn.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.ZipException;
import javax.net.ssl.SSLException;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.nio.NioSession;
import org.posthorn.api.lease.Wakening;
import org.posthorn.api.mail.Message;
import org.posthorn.api.net.Farewell;
import org.posthorn.api.net.LineFault;
import org.posthorn.api.net.Listener;
import org.posthorn.api.net.Producer;
import org.posthorn.api.net.Protocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection. The network's threads leave what happens in the inbox and in the tasks; a turn on a worker, never two at once, gives it to
 * the conversation and then sends what that said. Between turns it holds no thread, and no buffer.
 */
final class Client implements Wakening.Sleeper {

    private static final Logger LOG = LoggerFactory.getLogger(Client.class);

    /** A long answer is asked for its next piece when no more than this waits for the client. */
    private static final long PRODUCE_BELOW = 64 * 1024;

    /** How long the last words may take. */
    private static final long LAST_WORDS = Duration.ofSeconds(10).toNanos();
    /** How long a client that has heard them may take to close its end. */
    private static final long LINGER = Duration.ofSeconds(2).toNanos();
    /** How much it may go on to say meanwhile. */
    private static final int MOST_DISCARDED = 1 << 20;

    /** Who has not said or heard anything for so long costs less memory from then on. */
    private static final long REST = Duration.ofSeconds(10).toNanos();

    private static final long HANDSHAKE = Duration.ofSeconds(60).toNanos();
    /** A client that sends less than this within the time that it has is held to send nothing. */
    private static final int PROGRESS = 1024;
    /** After so many steps on end, what was said goes out, and others that want something of the conversation have their turn. */
    private static final int STEPS = 256;

    private final IoSession session;
    private final Surroundings around;
    private final Port port;
    private final Optional<Farewell> refusal;
    private final Inbox inbox;
    final Outbox outbox;
    final Layering layering;
    final Decoder decoder = new Decoder();
    private final Seat seat;
    private final Serial serial;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private volatile long progress;
    volatile long patience;
    private volatile Thread turning;
    volatile boolean closing;
    volatile boolean securing;
    volatile boolean recompressing;
    private volatile boolean closed;
    // Only in a turn:
    Producer producer;
    boolean waiting;
    private boolean rehearsing;
    private boolean gone;
    private boolean lingers = true;
    private int unacknowledged;
    // Only the network's thread:
    private long discarded;
    // Only the clock's:
    private long written;

    Client(IoSession session, Surroundings around, Port port, Optional<Farewell> refusal) {
        this.session = session;
        this.around = around;
        this.refusal = refusal;
        this.port = port;
        this.patience = port.idle().toNanos();
        this.securing = port.tls() == Port.TlsMode.implicit;
        this.serial = new Serial(around.workers(), this::turn);
        this.inbox = new Inbox(session::suspendRead, session::resumeRead);
        this.outbox = new Outbox((NioSession) session, serial::wake);
        this.layering = new Layering(inbox, outbox, around.keys());
        Listener listener = port.listener(around.keys().context().isPresent());
        this.seat = new Seat(new ClientConnection(this, session, listener), around.protocols(), port.protocol());
        touch();
    }

    // ---- what the network's threads tell

    void opened() {
        serial.wake();
    }

    void came(ByteBuffer octets) {
        if (closing) discard(octets);
        else {
            inbox.add(octets);
            serial.wake();
        }
    }

    private void discard(ByteBuffer octets) {
        discarded += octets.remaining();
        if (discarded > MOST_DISCARDED) hangUp();
    }

    void inputEnded() {
        inbox.end();
        serial.wake();
    }

    void sent() {
        touch();
        outbox.sent();
    }

    void disconnected() {
        post(() -> {
            if (gone) return;
            gone = true;
            inbox.clear();
            outbox.clear();
            layering.release();
            producer = null;
            try {
                seat.closed();
            } finally {
                over.complete(null);
            }
        });
    }

    // ---- what the door asks for

    /** Looks at the clock: a cheap look from outside, and if it is late a second one in a turn. */
    void tick() {
        if (session.getWrittenBytes() - written >= PROGRESS) {
            written = session.getWrittenBytes();
            touch();
        }
        if (late()) post(this::tooLate);
        if (outbox.awake() && quiet() > REST) post(outbox::rest);
    }

    private long quiet() {
        return around.nanoTime().getAsLong() - progress;
    }

    private boolean late() {
        long most = patience;
        if (closing) most = Math.min(most, closed ? LINGER : LAST_WORDS);
        else if (securing) most = HANDSHAKE;
        else if (!seat.taken()) most = around.grace().get().toNanos();
        return quiet() > most;
    }

    private void tooLate() {
        if (gone || !late()) return;
        if (waiting) touch();
        else if (closing || securing || !outbox.empty()) hangUp();
        else if (seat.taken()) sayGoodbye(Farewell.IDLE);
        else sayLeftGoodbye();
    }

    private void sayLeftGoodbye() {
        seat.goodbye().ifPresent(outbox::send);
        leave();
    }

    void end(Farewell why) {
        post(() -> {
            if (gone || closing) return;
            if (seat.taken()) sayGoodbye(why);
            else sayLeftGoodbye();
        });
    }

    /** Looks again for its protocol. */
    @Override
    public CompletableFuture<Void> wake(long mostMillis) {
        return serial.wake(mostMillis);
    }

    boolean isOf(Protocol protocol) {
        return seat.isOf(protocol);
    }

    /** To be woken then. */
    CompletionStage<Void> leave(Protocol protocol) {
        return seat.leave(protocol);
    }

    void abandon() {
        seat.abandon();
        hangUp();
    }

    void hangUp() {
        session.closeNow();
    }

    /** Ends when the socket is closed and the conversation has been told. */
    CompletableFuture<Void> over() {
        return over;
    }

    private void sayGoodbye(Farewell why) {
        producer = null;
        waiting = false;
        seat.sayGoodbye(why);
        leave();
    }

    private void leave() {
        closing = true;
        lingers = false;
        touch();
    }

    // ---- the turn

    private void post(Runnable task) {
        tasks.add(task);
        serial.wake();
    }

    private void turn() {
        turning = Thread.currentThread();
        try {
            boolean more;
            do {
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) task.run();
                if (gone) return;
                more = converse();
                if (!closed) outbox.flush();
                finish();
            } while (more || stuck() && !outbox.wakeLater());
        } catch (SSLException e) {
            LOG.debug("TLS with {} failed: {}", session.getRemoteAddress(), e.toString());
            complain();
        } catch (ZipException e) {
            LOG.info("{} sent what cannot be inflated and was cut off: {}", session.getRemoteAddress(), e.getMessage());
            fail();
        } catch (IOException e) {
            LOG.debug("The connection with {} broke: {}", session.getRemoteAddress(), e.toString());
            fail();
        } catch (RuntimeException | Error e) {
            seat.failed(session.getRemoteAddress() + " on " + port.name(), e);
            fail();
        } finally {
            turning = null;
        }
    }

    /** @return whether it stopped though more could be done */
    private boolean converse() throws IOException {
        for (int i = 0; i < STEPS; i++) {
            if (!advance()) return false;
            touchIfMoved();
        }
        return true;
    }

    /** The client hears what is wrong with its TLS, if it can be told now. */
    private void complain() {
        closing = true;
        outbox.clear();
        try {
            if (layering.complain()) depart();
            else fail();
        } catch (IOException e) {
            LOG.debug("{} cannot be told: {}", session.getRemoteAddress(), e.toString());
            fail();
        }
    }

    private void fail() {
        closing = true;
        closed = true;
        hangUp();
    }

    private void touchIfMoved() {
        if (decoder.transferring() ? unacknowledged < PROGRESS : decoder.midLine()) return;
        unacknowledged = 0;
        touch();
    }

    private void touch() {
        progress = around.nanoTime().getAsLong();
    }

    /** One step of the conversation. @return whether another may follow now */
    private boolean advance() throws IOException {
        if (gone || closing) return false;
        // Before all else: news that come just then are what follows, and go compressed.
        if (recompressing) return recompress();
        if (producer != null) return produce();
        if (waiting) return false;
        if (securing) return secure();
        if (!seat.taken()) return sit();
        if (outbox.backlog() > Outbox.FULL) outbox.flush();
        if (outbox.backlog() > Outbox.FULL) return false;
        if (!decoder.transferring()) {
            seat.look(this::rehearse);
            // Whoever goes on with a conversation may have something to do before the client's next word.
            if (producer != null) return true;
            if (!seat.taken()) {
                touch();
                return false;
            }
        }
        return read();
    }

    private boolean sit() {
        boolean sits = seat.sit(refusal);
        if (refusal.isPresent()) leave();
        return sits;
    }

    private byte[] rehearse(Runnable farewell) {
        rehearsing = true;
        try {
            return outbox.unsent(farewell);
        } finally {
            rehearsing = false;
        }
    }

    private boolean produce() throws IOException {
        // What is little waits for more, and goes with it in one write.
        if (outbox.backlog() > PRODUCE_BELOW) outbox.flush();
        if (outbox.backlog() > PRODUCE_BELOW) return false;
        Producer current = producer;
        if (!current.more() && producer == current) producer = null;
        return true;
    }

    private boolean read() throws IOException {
        ByteBuffer in = layering.next();
        int came = in.remaining();
        Decoder.Event event = decoder.next(in);
        unacknowledged += came - in.remaining();
        switch (event) {
            case LINE -> seat.conversation().line(decoder.line());
            case RECEIVED -> seat.conversation().received(decoder.received());
            case BROKEN -> seat.conversation().broken(decoder.broken(), decoder.ends());
            case ENDLESS -> endless();
            case MORE -> {
                if (came == 0 && layering.exhausted()) closing = true;
                return came > 0;
            }
        }
        return true;
    }

    private void endless() {
        LOG.info("{} sent a line without end and was cut off", session.getRemoteAddress());
        seat.conversation().broken(LineFault.TOO_LONG, decoder.beginning());
        closing = true;
    }

    /** From here to the end of the handshake nothing but TLS is read or sent, all of it in turns. @return whether it is done */
    private boolean secure() throws IOException {
        // What came in clear behind STARTTLS is a stranger's (RFC 3207 6).
        if (!layering.tlsBegun() && (seat.taken() && isAhead() || !layering.beginTls())) return false;
        if (!layering.handshake()) {
            if (inbox.exhausted()) fail();
            return false;
        }
        securing = false;
        touch();
        if (seat.taken()) seat.conversation().secured();
        return true;
    }

    /** Between two lines. @return whether it is done */
    private boolean recompress() throws IOException {
        boolean ahead = layering.ahead(decoder.midLine());
        if (!layering.recompress()) return false;
        recompressing = false;
        // What came behind COMPRESS is neither in clear nor compressed (RFC 4978 3).
        if (ahead) seat.conversation().ending(Farewell.AHEAD);
        closing |= ahead;
        return true;
    }

    /** A client that goes on before it has heard the answer is cut off. */
    private boolean isAhead() throws IOException {
        if (!decoder.midLine() && !layering.next().hasRemaining()) return false;
        LOG.info("{} sent more in clear behind STARTTLS and was cut off", session.getRemoteAddress());
        fail();
        return true;
    }

    private void finish() throws IOException {
        if (closed && inbox.ended()) hangUp();
        if (!closing || closed) return;
        if (securing) fail();
        else if (!outbox.hasMore() && !outbox.flying()) {
            layering.close();
            if (!outbox.flying()) depart();
        }
    }

    /** A socket that is closed while the client still talks takes back what it sent last, so the client's end is waited for. */
    private void depart() throws IOException {
        closed = true;
        if (!lingers || inbox.ended()) hangUp();
        else {
            outbox.end();
            inbox.clear();
            touch();
        }
    }

    private boolean stuck() {
        if (gone || closed || session.isClosing()) return false;
        return closing
                || producer != null
                || outbox.hasMore()
                || outbox.backlog() > Outbox.FULL
                || recompressing
                || securing && !layering.tlsBegun();
    }

    // ---- what the conversation asks for

    /** What was asked for in a turn is done at its end; from aside, a turn must be asked for. */
    private void askedFor() {
        if (Thread.currentThread() != turning) serial.wake();
    }

    void send(String octets) {
        outbox.send(octets);
        askedFor();
    }

    void send(Message message, long position, long count) {
        outbox.send(message, position, count);
        askedFor();
    }

    void produce(Producer next) {
        producer = next;
        askedFor();
    }

    void close() {
        if (rehearsing) return;
        closing = true;
        touch();
        askedFor();
    }

    void startTls() {
        securing = true;
        askedFor();
    }

    void compress() {
        recompressing = !outbox.compressed();
        askedFor();
    }

    void uncompress() {
        recompressing = outbox.compressed();
        askedFor();
    }

    void run(Runnable task) {
        int mine = seat.epoch();
        post(() -> {
            if (!gone && !closing && seat.epoch() == mine) task.run();
        });
    }

    void await(CompletionStage<?> stage, Runnable then) {
        waiting = true;
        stage.whenComplete((value, fault) -> post(() -> {
            if (gone || closing || !waiting) return;
            waiting = false;
            touch();
            then.run();
        }));
    }
}
