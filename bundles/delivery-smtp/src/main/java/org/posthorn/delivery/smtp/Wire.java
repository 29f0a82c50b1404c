package org.posthorn.delivery.smtp;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.posthorn.delivery.smtp.ReplyReader.Raw;

/**
 * A socket on which every step has an end: reading by the socket's own timeout, which a server that dribbles cannot renew; writing, which has none, by
 * {@link #cutIfLate}, which somebody must call from time to time. All steps together end by {@link #until}.
 */
final class Wire implements Closeable {

    private static final long NONE = Long.MAX_VALUE;

    private final Socket raw;
    private final LongSupplier nanoTime;
    private final long began;
    private Socket socket;
    private OutputStream out;
    private ReplyReader replies;
    /** Since {@link #began}, so that it compares without overflow. */
    private volatile long deadline = NONE;

    private volatile long end = NONE;

    Wire(InetSocketAddress address, Duration connect, LongSupplier nanoTime) throws IOException {
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
        this.raw = new Socket();
        try {
            raw.connect(address, (int) Math.max(1, connect.toMillis()));
            raw.setTcpNoDelay(true);
            use(raw);
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    /** When all that is under way must be over, whatever time a step of it has. @param nanos as the clock tells time */
    void until(long nanos) {
        end = nanos - began;
        deadline = end;
    }

    void within(Duration most) {
        until(nanoTime.getAsLong() + most.toNanos());
    }

    void forever() {
        end = NONE;
        deadline = NONE;
    }

    private void use(Socket next) throws IOException {
        socket = next;
        out = new BufferedOutputStream(next.getOutputStream(), 8192);
        replies = new ReplyReader(new BufferedInputStream(new Timed(next.getInputStream()), 4096));
    }

    /** Goes over to TLS. What the server sent in clear before is forgotten with the stream it came by. */
    void secure(TlsClient tls, String host, boolean onlyThat, Duration most) throws IOException {
        limit(most);
        raw.setSoTimeout(millisLeft());
        use(tls.over(raw, host, onlyThat));
        deadline = end;
    }

    /** Version and cipher; empty in clear. */
    Optional<String> tls() {
        if (!(socket instanceof SSLSocket secure)) return Optional.empty();
        SSLSession session = secure.getSession();
        return Optional.of(session.getProtocol() + " " + session.getCipherSuite());
    }

    /** Puts a line into the buffer; it goes with the next {@link #flush}. What holds two is none, as whoever wrote it would give commands in our name. */
    void write(String line) throws IOException {
        if (line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0) throw new IOException("a command has a line end in it");
        out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    void flush(Duration most) throws IOException {
        limit(most);
        out.flush();
        deadline = end;
    }

    /** Streams a message, each block within that time. */
    void write(InputStream message, Duration block) throws IOException {
        new DotStuffing(out).write(message, () -> limit(block));
        deadline = end;
    }

    Raw read(Duration most) throws IOException {
        limit(most);
        Raw raw = replies.read();
        deadline = end;
        return raw;
    }

    private void limit(Duration most) {
        deadline = Math.min(end, nanoTime.getAsLong() - began + most.toNanos());
    }

    private int millisLeft() throws SocketTimeoutException {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - (nanoTime.getAsLong() - began));
        if (left <= 0) throw new SocketTimeoutException("the other server takes too long");
        return (int) Math.min(left, Integer.MAX_VALUE);
    }

    /** Closes the socket under a step that has taken too long. The raw one: closing TLS would wait for the step. */
    void cutIfLate() throws IOException {
        if (nanoTime.getAsLong() - began > deadline) raw.close();
    }

    @Override
    public void close() throws IOException {
        raw.close();
    }

    /** Reads within what is left of the time for the whole step. */
    private final class Timed extends InputStream {
        private final InputStream in;

        Timed(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            socket.setSoTimeout(millisLeft());
            return in.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            socket.setSoTimeout(millisLeft());
            return in.read(into, offset, length);
        }
    }
}
