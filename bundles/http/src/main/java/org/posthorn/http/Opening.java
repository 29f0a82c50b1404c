package org.posthorn.http;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One address that is listened on, or is to be. What is in the way is reported, and tried again after a while that doubles. */
final class Opening {

    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);
    private static final int LONGEST_WAIT_SECONDS = 30;

    /** How it stands. */
    enum State {
        /** Not tried yet. */
        MEANT,
        OPEN,
        /** Somebody else has the port, or we may not have it. */
        BLOCKED,
        /** The machine has no such address. */
        ABSENT,
        CLOSED
    }

    /** Listens. */
    interface Bind {
        /** @return ends it, with the connections that came by it */
        Runnable bind(Settings.Want want) throws IOException;
    }

    private final Settings.Want want;
    private final Bind bind;
    private final ScheduledExecutorService clock;
    private State state = State.MEANT;
    private Runnable end = () -> {};
    private String reason = "";
    private int waitSeconds = 1;

    Opening(Settings.Want want, Bind bind, ScheduledExecutorService clock) {
        this.want = want;
        this.bind = bind;
        this.clock = clock;
    }

    synchronized void attempt() {
        if (state == State.OPEN || state == State.CLOSED) return;
        try {
            end = bind.bind(want);
            state = State.OPEN;
            LOG.info("{} listens on {}", name(), text());
        } catch (IOException | RuntimeException | LinkageError e) {
            failed(e);
            if (clock.isShutdown()) return;
            clock.schedule(this::attempt, waitSeconds, TimeUnit.SECONDS);
            waitSeconds = Math.min(2 * waitSeconds, LONGEST_WAIT_SECONDS);
        }
    }

    private void failed(Throwable e) {
        state = here() ? State.BLOCKED : State.ABSENT;
        String before = reason;
        reason = state == State.ABSENT ? " is not one of this machine" : because(e);
        if (!reason.equals(before)) LOG.warn("{} does not listen: {}", name(), fault());
    }

    /** Jetty wraps what the system said. */
    private static String because(Throwable e) {
        Throwable said = e;
        while (!(said instanceof BindException) && said.getCause() != null) said = said.getCause();
        boolean taken = said instanceof BindException
                && String.valueOf(said.getMessage()).contains("in use");
        return taken ? " is taken" : " cannot be listened on: " + said.getMessage();
    }

    private boolean here() {
        try {
            return want.address().getAddress().isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(want.address().getAddress()) != null;
        } catch (SocketException e) {
            return true;
        }
    }

    synchronized void close() {
        Runnable closing = end;
        end = () -> {};
        state = State.CLOSED;
        closing.run();
    }

    Settings.Want want() {
        return want;
    }

    synchronized State state() {
        return state;
    }

    /** Why it does not listen. */
    synchronized String fault() {
        return "port " + want.address().getPort() + " on " + host(want.address()) + reason;
    }

    /** {@code https}, or without TLS {@code http}. */
    String name() {
        return want.tls() ? "https" : "http";
    }

    /** Where it listens, or would; as a URL has it: with brackets around IPv6. */
    String text() {
        String host = host(want.address());
        return (host.contains(":") ? "[" + host + "]" : host) + ":"
                + want.address().getPort();
    }

    private static String host(InetSocketAddress address) {
        return address.getAddress().getHostAddress().replace("0:0:0:0:0:0:0:", "::");
    }
}
