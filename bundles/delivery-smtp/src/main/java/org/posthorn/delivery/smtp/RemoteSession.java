package org.posthorn.delivery.smtp;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.posthorn.api.mail.Reply;
import org.posthorn.delivery.smtp.Exchangers.Server;
import org.posthorn.delivery.smtp.NextHop.TlsPolicy;
import org.posthorn.delivery.smtp.ReplyReader.Raw;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session with another server that has said hello and may be given mail. */
final class RemoteSession implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteSession.class);

    private final Server server;
    private final Wire wire;
    private final Timeouts timeouts;
    private Extensions extensions = Extensions.NONE;

    private RemoteSession(Server server, Wire wire, Timeouts timeouts) {
        this.server = server;
        this.wire = wire;
        this.timeouts = timeouts;
    }

    /** What came of connecting. */
    sealed interface Opening {
        record Open(RemoteSession session) implements Opening {}

        /** The server spoke, and wants no mail of us now. */
        record Refused(Reply reply) implements Opening {}
    }

    /** What all sessions have in common. */
    record Manner(
            String hostname,
            Timeouts timeouts,
            TlsClient tls,
            boolean verify,
            LongSupplier nanoTime,
            long until,
            Watch watch) {

        Duration left() {
            return Duration.ofNanos(until - nanoTime.getAsLong());
        }

        private Duration connect() {
            Duration left = left();
            return left.compareTo(timeouts.connect()) < 0 ? left : timeouts.connect();
        }
    }

    /** Connects, greets, and begins TLS as the policy has it. */
    static Opening open(Server server, TlsPolicy policy, Manner manner) throws IOException {
        try {
            return attempt(server, policy, manner);
        } catch (HandshakeFailed e) {
            if (policy == TlsPolicy.MUST) throw new Unusable("4.7.5", "TLS does not come about: " + e.getMessage());
            LOG.info("{} offers TLS that does not work ({}); mail goes in clear", server, e.getMessage());
            return attempt(server, TlsPolicy.NEVER, manner);
        }
    }

    private static Opening attempt(Server server, TlsPolicy policy, Manner manner) throws IOException {
        Wire wire = new Wire(server.address(), manner.connect(), manner.nanoTime());
        wire.until(manner.until());
        manner.watch().add(wire);
        Opening opening = null;
        try {
            opening = new RemoteSession(server, wire, manner.timeouts()).greet(policy, manner);
            return opening;
        } finally {
            if (!(opening instanceof Opening.Open)) {
                manner.watch().remove(wire);
                wire.close();
            }
        }
    }

    private Opening greet(TlsPolicy policy, Manner manner) throws IOException {
        Raw greeting = wire.read(timeouts.greeting());
        // A greeting that is no greeting must not count as a success.
        if (greeting.code() < 400 && greeting.code() != 220)
            throw new Unusable("4.5.0", "it greets with " + greeting.code());
        if (!greeting.positive()) return new Opening.Refused(greeting.reply());
        Raw hello = hello(manner.hostname());
        if (!hello.positive()) return new Opening.Refused(hello.reply());
        if (policy != TlsPolicy.NEVER && extensions.has("STARTTLS")) {
            Raw goAhead = command("STARTTLS").completed();
            if (goAhead.code() == 220) {
                handshake(policy, manner);
                hello = hello(manner.hostname());
                return hello.positive() ? new Opening.Open(this) : new Opening.Refused(hello.reply());
            }
        }
        if (policy == TlsPolicy.MUST) throw new Unusable("4.7.5", "TLS is demanded and not offered");
        return new Opening.Open(this);
    }

    private Raw hello(String hostname) throws IOException {
        Raw ehlo = command("EHLO " + hostname).completed();
        extensions = ehlo.positive() ? Extensions.of(ehlo.lines()) : Extensions.NONE;
        return ehlo.code() < 500 ? ehlo : command("HELO " + hostname).completed();
    }

    private void handshake(TlsPolicy policy, Manner manner) throws HandshakeFailed {
        try {
            wire.secure(manner.tls(), server.host(), policy == TlsPolicy.MUST && manner.verify(), timeouts.command());
        } catch (IOException e) {
            throw new HandshakeFailed(String.valueOf(e.getMessage()), e);
        }
    }

    /** TLS was promised and did not come about. */
    private static final class HandshakeFailed extends IOException {
        private static final long serialVersionUID = 1;

        HandshakeFailed(String message, IOException cause) {
            super(message, cause);
        }
    }

    private Raw command(String line) throws IOException {
        wire.write(line);
        wire.flush(timeouts.block());
        return wire.read(timeouts.command());
    }

    Server server() {
        return server;
    }

    Extensions extensions() {
        return extensions;
    }

    Wire wire() {
        return wire;
    }

    Timeouts timeouts() {
        return timeouts;
    }

    /** Ready for another mail. @throws IOException when it is not */
    void reset() throws IOException {
        wire.write("RSET");
        wire.flush(timeouts.brief());
        if (!wire.read(timeouts.brief()).positive()) throw new IOException("the session cannot be used again");
    }

    /** Says goodbye, but waits for no answer, which would change nothing. */
    @Override
    public void close() throws IOException {
        try {
            wire.within(timeouts.brief());
            wire.write("QUIT");
            wire.flush(timeouts.brief());
        } finally {
            wire.close();
        }
    }
}
