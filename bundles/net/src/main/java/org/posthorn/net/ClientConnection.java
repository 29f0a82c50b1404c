package org.posthorn.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.mina.core.session.IoSession;
import org.posthorn.api.mail.Message;
import org.posthorn.api.net.Connection;
import org.posthorn.api.net.Farewell;
import org.posthorn.api.net.LineFault;
import org.posthorn.api.net.Listener;
import org.posthorn.api.net.Producer;
import org.posthorn.api.net.Protocol;
import org.posthorn.api.net.Sink;
import org.posthorn.api.net.Tls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection. The network's threads leave what happens in the inbox and in the tasks; a turn on a worker, never two at once, gives it to
 * the conversation and then sends what that said. Between turns it holds no thread, and no buffer.
 */
final class ClientConnection implements Connection {

    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    /** A long answer is asked for its next piece when no more than this waits for the client. */
    private static final long PRODUCE_BELOW = 64 * 1024;

    private static final long LINGER = Duration.ofSeconds(10).toNanos();
    private static final long HANDSHAKE = Duration.ofSeconds(60).toNanos();
    /** A client that sends less than this within the time that it has is held to send nothing. */
    private static final int PROGRESS = 1024;

    private final IoSession session;
    private final Surroundings around;
    private final Listener listener;
    private final Optional<Farewell> refusal;
    private final TlsSwitch tlsSwitch;
    private final Inbox inbox;
    private final Outbox outbox;
    private final Decoder decoder = new Decoder();
    private final Seat seat;
    private final Serial serial;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private volatile long progress;
    private volatile long patience;
    private volatile Thread turning;
    private volatile boolean closing;
    private volatile boolean securing;
    // Only in a turn:
    private Producer producer;
    private boolean waiting;
    private boolean rehearsing;
    private boolean closed;
    private boolean gone;
    private int unacknowledged;

    ClientConnection(IoSession session, Surroundings around, Port port, Optional<Farewell> refusal) {
        this.session = session;
        this.around = around;
        this.refusal = refusal;
        this.listener = port.listener(around.keys().context().isPresent());
        this.patience = port.idle().toNanos();
        this.securing = port.tls() == Port.TlsMode.implicit;
        this.serial = new Serial(around.workers(), this::turn);
        this.inbox = new Inbox(session::suspendRead, session::resumeRead);
        this.outbox = new Outbox(session, around.wire(), serial::wake);
        this.seat = new Seat(this, around.protocols(), port.protocol());
        this.tlsSwitch = new TlsSwitch(session, around.keys());
        touch();
    }

    // ---- what the network's threads tell

    void opened() {
        if (securing) tlsSwitch.implicit();
        else serial.wake();
    }

    void came(ByteBuffer octets) {
        if (closing) return;
        if (inbox.add(octets)) serial.wake();
        else injected();
    }

    void inputEnded() {
        inbox.end();
        serial.wake();
    }

    void sent() {
        touch();
        outbox.sent();
    }

    void secured(Tls tls) {
        tlsSwitch.secured(tls);
        inbox.secured();
        post(() -> {
            securing = false;
            touch();
            if (seat.taken()) seat.conversation().secured();
        });
    }

    void disconnected() {
        post(() -> {
            if (gone) return;
            gone = true;
            inbox.clear();
            outbox.clear();
            producer = null;
            seat.closed();
        });
    }

    // ---- what the door asks for

    /** Looks at the clock: a cheap look from outside, and if it is late a second one in a turn. */
    void tick() {
        if (late()) post(this::tooLate);
    }

    private boolean late() {
        long most = patience;
        if (closing) most = Math.min(most, LINGER);
        else if (securing) most = HANDSHAKE;
        else if (!seat.taken()) most = around.grace().get().toNanos();
        return around.nanoTime().getAsLong() - progress > most;
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
        closing = true;
        touch();
    }

    void end(Farewell why) {
        post(() -> {
            if (gone || closing) return;
            if (seat.taken()) sayGoodbye(why);
            else sayLeftGoodbye();
        });
    }

    /** Looks again for its protocol. */
    void wake() {
        serial.wake();
    }

    boolean isOf(Protocol protocol) {
        return seat.isOf(protocol);
    }

    CompletionStage<Void> leave(Protocol protocol) {
        CompletionStage<Void> left = seat.leave(protocol);
        serial.wake();
        return left;
    }

    void abandon() {
        seat.abandon();
        hangUp();
    }

    void hangUp() {
        session.closeNow();
    }

    /** @return whether it was gone before that time, in milliseconds of the wall clock */
    boolean awaitGone(long millis) {
        return session.getCloseFuture().awaitUninterruptibly(Math.max(1, millis - System.currentTimeMillis()));
    }

    private void sayGoodbye(Farewell why) {
        producer = null;
        waiting = false;
        seat.conversation().ending(why);
        closing = true;
        touch();
    }

    private void injected() {
        LOG.info("{} sent more in clear behind STARTTLS and was cut off", client());
        closing = true;
        hangUp();
    }

    // ---- the turn

    private void post(Runnable task) {
        tasks.add(task);
        serial.wake();
    }

    private void turn() {
        turning = Thread.currentThread();
        try {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) task.run();
            do {
                if (gone) return;
                while (advance()) touchIfMoved();
                send();
                finish();
            } while (stuck() && !outbox.wakeLater());
        } catch (IOException e) {
            LOG.debug("The connection with {} broke: {}", client(), e.toString());
            fail();
        } catch (RuntimeException | Error e) {
            LOG.error("The conversation with {} on {} failed and was ended", client(), listener.name(), e);
            fail();
        } finally {
            turning = null;
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
        if (producer != null) return produce();
        if (waiting || securing) return false;
        if (!seat.taken()) return sit();
        if (outbox.backlog() > Outbox.FULL) {
            outbox.flush(tlsSwitch.on());
            if (outbox.backlog() > Outbox.FULL) return false;
        }
        if (!decoder.transferring()) {
            seat.look(this::rehearse);
            if (!seat.taken()) {
                touch();
                return false;
            }
        }
        return read();
    }

    private boolean sit() {
        boolean sits = seat.sit(refusal);
        if (refusal.isPresent()) closing = true;
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
        outbox.flush(tlsSwitch.on());
        if (outbox.backlog() > PRODUCE_BELOW) return false;
        Producer current = producer;
        if (!current.more() && producer == current) producer = null;
        return true;
    }

    private boolean read() {
        ByteBuffer in = inbox.next();
        int came = in.remaining();
        Decoder.Event event = decoder.next(in);
        unacknowledged += came - in.remaining();
        switch (event) {
            case LINE -> seat.conversation().line(decoder.line());
            case RECEIVED -> seat.conversation().received(decoder.received());
            case BROKEN -> seat.conversation().broken(decoder.broken());
            case ENDLESS -> endless();
            case MORE -> {
                if (came == 0 && inbox.exhausted()) closing = true;
                return came > 0;
            }
        }
        return true;
    }

    private void endless() {
        LOG.info("{} sent a line without end and was cut off", client());
        seat.conversation().broken(LineFault.TOO_LONG);
        closing = true;
    }

    /** The last word in clear waits for the TLS filter, which must be there before the client can answer it. */
    private void send() throws IOException {
        boolean switching = securing && !tlsSwitch.begun();
        if (switching && outbox.emptyButText()) secure();
        else if (!switching || outbox.hasParts()) outbox.flush(tlsSwitch.on());
    }

    private void finish() {
        if (!closing || closed || outbox.hasMore()) return;
        if (tlsSwitch.on() && !outbox.empty()) return;
        closed = true;
        tlsSwitch.closeNotify();
        session.closeOnFlush();
    }

    private void secure() {
        if (!inbox.forbidClearText() || decoder.midLine()) injected();
        else tlsSwitch.begin(outbox.takeText());
    }

    private boolean stuck() {
        if (gone || closed || session.isClosing()) return false;
        return closing
                || producer != null
                || outbox.hasMore()
                || outbox.backlog() > Outbox.FULL
                || securing && !tlsSwitch.begun();
    }

    // ---- what the conversation asks for

    private void flushIfAsideOfTurn() {
        if (Thread.currentThread() != turning) serial.wake();
    }

    @Override
    public void send(String octets) {
        outbox.send(octets);
        flushIfAsideOfTurn();
    }

    @Override
    public void send(Message message, long position, long count) {
        outbox.send(message, position, count);
        flushIfAsideOfTurn();
    }

    @Override
    public void produce(Producer next) {
        producer = next;
        flushIfAsideOfTurn();
    }

    @Override
    public void close() {
        if (rehearsing) return;
        closing = true;
        touch();
        flushIfAsideOfTurn();
    }

    @Override
    public void lineLimit(int octets) {
        decoder.lineLimit(octets);
    }

    @Override
    public void receive(long octets, Sink sink) {
        decoder.receive(octets, sink);
    }

    @Override
    public void receiveDotted(long limit, Sink sink) {
        decoder.receiveDotted(limit, sink);
    }

    @Override
    public void startTls() {
        securing = true;
        flushIfAsideOfTurn();
    }

    @Override
    public void timeout(Duration quiet) {
        patience = quiet.toNanos();
    }

    @Override
    public void run(Runnable task) {
        int mine = seat.epoch();
        post(() -> {
            if (!gone && !closing && seat.epoch() == mine) task.run();
        });
    }

    @Override
    public void await(CompletionStage<?> stage, Runnable then) {
        waiting = true;
        stage.whenComplete((value, fault) -> post(() -> {
            if (gone || closing || !waiting) return;
            waiting = false;
            touch();
            then.run();
        }));
    }

    @Override
    public InetSocketAddress client() {
        return (InetSocketAddress) session.getRemoteAddress();
    }

    @Override
    public InetSocketAddress local() {
        return (InetSocketAddress) session.getLocalAddress();
    }

    @Override
    public Listener listener() {
        return listener;
    }

    @Override
    public Optional<Tls> tls() {
        return tlsSwitch.tls();
    }
}
