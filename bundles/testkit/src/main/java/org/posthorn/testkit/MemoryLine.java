package org.posthorn.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.posthorn.api.mail.Message;
import org.posthorn.api.net.Connection;
import org.posthorn.api.net.Conversation;
import org.posthorn.api.net.Farewell;
import org.posthorn.api.net.LineFault;
import org.posthorn.api.net.Listener;
import org.posthorn.api.net.Producer;
import org.posthorn.api.net.Protocol;
import org.posthorn.api.net.Received;
import org.posthorn.api.net.Sink;
import org.posthorn.api.net.Suspended;
import org.posthorn.api.net.Tls;

/**
 * A connection without a network: both ends of it, on the thread of the test. What the conversation is told to wait for is waited for; tasks from
 * other threads run while the test reads.
 */
public final class MemoryLine implements Line, Connection {

    private final Listener listener;
    private final InetSocketAddress client;
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final StringBuilder incoming = new StringBuilder();
    private final StringBuilder outgoing = new StringBuilder();
    private Conversation conversation;
    private Tls tls;
    private boolean compressed;
    private boolean closed;
    private int lineLimit = 2048;
    private Duration timeout = Duration.ZERO;
    private Transfer transfer;
    private Producer producer;

    private MemoryLine(Listener listener, InetSocketAddress client) {
        this.listener = listener;
        this.client = client;
    }

    /** Connects to the protocol; STARTTLS is offered, passwords in clear are not taken. */
    public static MemoryLine to(Protocol protocol) {
        return to(protocol, new Listener("test", "test", true, false), new InetSocketAddress("127.0.0.1", 40000));
    }

    /** Connects as that client through that listener. */
    public static MemoryLine to(Protocol protocol, Listener listener, InetSocketAddress client) {
        MemoryLine line = new MemoryLine(listener, client);
        line.call(() -> {
            line.conversation = protocol.begin(line);
            line.conversation.opened();
        });
        return line;
    }

    /** Goes on with a suspended conversation in another version of the protocol. */
    public MemoryLine resume(Protocol protocol, Suspended state) {
        call(() -> conversation = protocol.resume(this, state));
        return this;
    }

    /** The conversation at the other end. */
    public Conversation conversation() {
        return conversation;
    }

    /** What the server last set as its time of patience. */
    public Duration patience() {
        return timeout;
    }

    /** Ends the talk as the door does. */
    public void end(Farewell why) {
        call(() -> conversation.ending(why));
        close();
    }

    @Override
    public void send(String octets) {
        // Both ends have a method of this name: what the test's thread says outside of a call of the conversation comes
        // from the client.
        if (inCall) outgoing.append(octets);
        else {
            incoming.append(octets);
            pump();
        }
    }

    private boolean inCall;

    private void call(Runnable step) {
        boolean before = inCall;
        inCall = true;
        try {
            step.run();
        } finally {
            inCall = before;
        }
    }

    private void pump() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) call(task);
        while (!closed && step()) {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) call(task);
        }
    }

    private boolean step() {
        if (transfer != null) {
            Transfer running = transfer;
            Optional<Received> end = running.take(incoming);
            end.ifPresent(received -> {
                transfer = null;
                call(() -> conversation.received(received));
            });
            return end.isPresent();
        }
        int end = incoming.indexOf("\r\n");
        if (end < 0) return false;
        String line = incoming.substring(0, end);
        incoming.delete(0, end + 2);
        call(() -> {
            if (line.length() > lineLimit) conversation.broken(LineFault.TOO_LONG, ends(line));
            else if (line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0)
                conversation.broken(LineFault.BARE_LINE_END, ends(line));
            else conversation.line(line);
        });
        return true;
    }

    private static String ends(String line) {
        int most = Conversation.BEGIN + Conversation.END;
        if (line.length() <= most) return line;
        return line.substring(0, Conversation.BEGIN) + line.substring(line.length() - Conversation.END);
    }

    @Override
    public String read() throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            pump();
            int at = outgoing.indexOf("\r\n");
            if (at >= 0) {
                String line = outgoing.substring(0, at);
                outgoing.delete(0, at + 2);
                return line;
            }
            if (closed) return null;
            runNext(end);
        }
    }

    private void runNext(long end) throws IOException {
        try {
            Runnable task = tasks.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (task == null) throw new IOException("the server says nothing; unread: " + outgoing);
            call(task);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** What has come and was not read yet; waits for nothing. */
    public String unread() {
        pump();
        return outgoing.toString();
    }

    @Override
    public void send(Message message, long position, long count) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            for (long done = 0; done < count; ) {
                long n = message.transferTo(position + done, count - done, Channels.newChannel(bytes));
                if (n <= 0) throw new IOException("message ends before " + (position + count));
                done += n;
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        outgoing.append(bytes.toString(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void produce(Producer producer) {
        boolean within = this.producer != null;
        this.producer = producer;
        while (!within && this.producer != null) {
            Producer current = this.producer;
            // What comes of a piece may be another long answer, which takes the place of this one.
            if (!current.more() && this.producer == current) this.producer = null;
        }
    }

    @Override
    public void close() {
        if (closed) return;
        closed = true;
        call(conversation::closed);
    }

    /** Whether the server, or the test, has closed. */
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void lineLimit(int octets) {
        lineLimit = octets;
    }

    @Override
    public void receive(long octets, Sink sink) {
        transfer = new Transfer(octets, sink, false);
    }

    @Override
    public void receiveDotted(long limit, Sink sink) {
        transfer = new Transfer(limit, sink, true);
    }

    @Override
    public InetSocketAddress client() {
        return client;
    }

    @Override
    public InetSocketAddress local() {
        return new InetSocketAddress("127.0.0.1", 2525);
    }

    @Override
    public Listener listener() {
        return listener;
    }

    @Override
    public Optional<Tls> tls() {
        return Optional.ofNullable(tls);
    }

    /** The conversation's word to begin; the client's comes with it. */
    @Override
    public void startTls() {
        if (!inCall) return;
        if (!incoming.isEmpty()) close();
        else
            tasks.add(() -> {
                tls = new Tls("TLSv1.3", "TLS_AES_256_GCM_SHA384", List.of());
                conversation.secured();
            });
    }

    @Override
    public boolean compressed() {
        return compressed;
    }

    /** The conversation's word; the client's asks whether it has come. What is said stays readable. */
    @Override
    public void compress() {
        word(true);
    }

    /** Likewise. */
    @Override
    public void uncompress() {
        word(false);
    }

    private void word(boolean deflates) {
        if (inCall) compressed = deflates;
        else if (compressed != deflates) throw new AssertionError("compressed: " + compressed);
    }

    @Override
    public void timeout(Duration quiet) {
        timeout = quiet;
    }

    @Override
    public void run(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void await(CompletionStage<?> stage, Runnable then) {
        try {
            stage.toCompletableFuture().handle((v, e) -> v).get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the stage does not end", e);
        }
        call(then);
    }

    /** Octets on their way to a sink. */
    private static final class Transfer {
        private final long limit;
        private final Sink sink;
        private final boolean dotted;
        private long octets;
        private boolean bare;
        private IOException broken;

        Transfer(long limit, Sink sink, boolean dotted) {
            this.limit = limit;
            this.sink = sink;
            this.dotted = dotted;
        }

        Optional<Received> take(StringBuilder from) {
            return dotted ? lines(from) : counted(from);
        }

        private Optional<Received> counted(StringBuilder from) {
            int n = (int) Math.min(limit - octets, from.length());
            give(from.substring(0, n));
            from.delete(0, n);
            return octets == limit ? end() : Optional.empty();
        }

        private Optional<Received> lines(StringBuilder from) {
            for (int at = from.indexOf("\r\n"); at >= 0; at = from.indexOf("\r\n")) {
                String line = from.substring(0, at);
                from.delete(0, at + 2);
                if (line.equals(".")) return end();
                bare |= line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0;
                give((line.startsWith(".") ? line.substring(1) : line) + "\r\n");
            }
            return Optional.empty();
        }

        private void give(String text) {
            octets += text.length();
            if (broken != null || octets > limit) return;
            try {
                sink.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
            } catch (IOException e) {
                broken = e;
            }
        }

        private Optional<Received> end() {
            return Optional.of(new Received(octets, octets > limit, bare, Optional.ofNullable(broken)));
        }
    }
}
