package org.posthorn.net;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        OPEN,
        /** Somebody else has the port, or we may not have it. */
        BLOCKED,
        /** The machine has no such address. */
        ABSENT,
        CLOSED
    }

    private final Network network;
    private final ScheduledExecutorService clock;
    private final InetSocketAddress wanted;
    private Port port;
    private InetSocketAddress bound;
    private State state = State.CLOSED;
    private String fault = "";
    private String reason = "";
    private boolean meant;
    private int waitSeconds = 1;

    Opening(Network network, ScheduledExecutorService clock, InetSocketAddress wanted, Port port) {
        this.network = network;
        this.clock = clock;
        this.wanted = wanted;
        this.port = port;
    }

    synchronized void open() {
        meant = true;
        attempt();
    }

    private synchronized void attempt() {
        if (!meant || state == State.OPEN) return;
        try {
            bound = network.bind(wanted, port);
            state = State.OPEN;
            fault = "";
            LOG.info("{} listens on {}", port.name(), text(bound));
        } catch (IOException e) {
            failed(e);
            clock.schedule(this::attempt, waitSeconds, TimeUnit.SECONDS);
            waitSeconds = Math.min(2 * waitSeconds, LONGEST_WAIT_SECONDS);
        }
    }

    private void failed(IOException e) {
        state = here() ? State.BLOCKED : State.ABSENT;
        String before = fault;
        reason = because(e);
        fault = switch (state) {
            case ABSENT -> "this machine has no address " + wanted.getAddress().getHostAddress();
            default -> "port " + wanted.getPort() + " on " + wanted.getAddress().getHostAddress() + reason;
        };
        if (!fault.equals(before)) LOG.warn("{} does not listen: {}", port.name(), fault);
    }

    /** MINA wraps what the system said. */
    private String because(IOException e) {
        if (e instanceof PortTaken taken)
            return " is taken: " + file(taken.holder()) + " has it, and " + file(port.name()) + " wants it too";
        Throwable said = e;
        while (!(said instanceof BindException) && said.getCause() != null) said = said.getCause();
        boolean taken = said instanceof BindException
                && String.valueOf(said.getMessage()).contains("in use");
        return taken ? " is taken" : " cannot be listened on: " + said.getMessage();
    }

    private static String file(String listener) {
        return "org.posthorn.net.listener-" + listener + ".cfg";
    }

    private boolean here() {
        try {
            return wanted.getAddress().isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(wanted.getAddress()) != null;
        } catch (SocketException e) {
            return true;
        }
    }

    synchronized void close() {
        meant = false;
        if (state == State.OPEN) network.unbind(bound);
        state = State.CLOSED;
        fault = "";
        waitSeconds = 1;
    }

    /** Other settings for those who come from now on. */
    synchronized void change(Port settings) {
        port = settings;
        if (state == State.OPEN) network.change(bound, settings);
    }

    InetSocketAddress wanted() {
        return wanted;
    }

    synchronized State state() {
        return state;
    }

    synchronized String fault() {
        return fault;
    }

    private record Line(int port, String reason) {}

    /** Why they do not listen, in a line for each port and reason: whoever has one address of a port often has the other. */
    static List<String> faults(List<Opening> blocked) {
        Map<Line, List<String>> hosts = new LinkedHashMap<>();
        for (Opening o : blocked)
            hosts.computeIfAbsent(new Line(o.wanted.getPort(), o.reason()), l -> new ArrayList<>())
                    .add(host(o.wanted));
        return hosts.entrySet().stream()
                .map(e -> "port " + e.getKey().port + " on " + String.join(" and ", e.getValue()) + e.getKey().reason)
                .toList();
    }

    private synchronized String reason() {
        return reason;
    }

    /** Where it listens; where it would, as long as it does not. */
    synchronized InetSocketAddress address() {
        return state == State.OPEN ? bound : wanted;
    }

    private static String host(InetSocketAddress address) {
        return address.getAddress().getHostAddress().replace("0:0:0:0:0:0:0:", "::");
    }

    /** As a URL has it: with brackets around IPv6. */
    static String text(InetSocketAddress address) {
        String host = host(address);
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
