package org.posthorn.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.mina.core.service.SimpleIoProcessorPool;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.nio.NioSession;
import org.apache.mina.transport.socket.nio.NioSocketAcceptor;
import org.posthorn.api.lease.Wakening;
import org.posthorn.api.net.Farewell;
import org.posthorn.api.net.Protocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sockets: what is listened on, and who is connected. */
final class Network implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Network.class);

    private static final int BACKLOG = 1024;
    /** Enough for a command; the buffer grows to what came. */
    private static final int LITTLE = 64;

    private static final int WRITE_AT_ONCE = 64 * 1024;

    private static final int MOST_READERS = 4;
    /** So many at once are told that it is crowded; beyond, the line is just cut. */
    private static final int MOST_TURNED_AWAY = 64;
    /** So many conversations move at once that nobody gave a command in: the others are to find a processor. */
    private static final int MOVED_AT_ONCE = 4;

    /** What has not moved by then waits for a thread, or is in the middle of something; the log tells of it. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private static final Duration GOODBYE = Duration.ofSeconds(3);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Surroundings around;
    private final Crowd everybody;
    private final ExecutorService threads =
            Executors.newCachedThreadPool(work -> Workers.thread(work, "net-io-" + NUMBER.incrementAndGet()));
    private final SimpleIoProcessorPool<NioSession> readers;
    private final NioSocketAcceptor acceptor;
    private final Map<InetSocketAddress, Port> bound = new ConcurrentHashMap<>();
    private final Map<Client, Port> connections = new ConcurrentHashMap<>();
    private final AtomicInteger turnedAway = new AtomicInteger();
    private final Refusals refusals;
    private final Wakening moves = new Wakening(MOVED_AT_ONCE, Network::movedLate);

    Network(Surroundings around, Crowd everybody) {
        this.around = around;
        this.everybody = everybody;
        this.refusals = new Refusals(around.nanoTime());
        around.protocols().onChange(this::wake);
        int cores = Runtime.getRuntime().availableProcessors();
        this.readers = new SimpleIoProcessorPool<>(Wire.class, threads, Math.min(cores, MOST_READERS), null);
        this.acceptor = new NioSocketAcceptor(threads, readers);
        acceptor.setHandler(new Sessions(this::admit));
        acceptor.setReuseAddress(true);
        acceptor.setBacklog(BACKLOG);
        acceptor.setCloseOnDeactivation(false);
        acceptor.getSessionConfig().setTcpNoDelay(true);
        acceptor.getSessionConfig().setKeepAlive(true);
        acceptor.getSessionConfig().setMinReadBufferSize(LITTLE);
        acceptor.getSessionConfig().setReadBufferSize(LITTLE);
        // MINA takes this for the most that it writes at once, too.
        acceptor.getSessionConfig().setMaxReadBufferSize(WRITE_AT_ONCE);
    }

    /** Listens. @return the address, which says the port where zero was asked for */
    synchronized InetSocketAddress bind(InetSocketAddress address, Port port) throws IOException {
        // The system would refuse it too, but only when whoever listens there had lost its settings to this one.
        Optional<Port> holder = holder(address);
        if (holder.isPresent()) throw new PortTaken(holder.get().name());
        if (address.getPort() != 0) bound.put(address, port);
        Set<SocketAddress> before = acceptor.getLocalAddresses();
        try {
            acceptor.bind(address);
        } catch (IOException | RuntimeException e) {
            bound.remove(address, port);
            throw e;
        }
        if (address.getPort() != 0) return address;
        Set<SocketAddress> added = new HashSet<>(acceptor.getLocalAddresses());
        added.removeAll(before);
        InetSocketAddress chosen = (InetSocketAddress) added.iterator().next();
        bound.put(chosen, port);
        return chosen;
    }

    /** Who listens there. All addresses of a port are in the way of each of them, and the other way round. */
    private Optional<Port> holder(InetSocketAddress address) {
        return bound.entrySet().stream()
                .filter(e -> meet(e.getKey(), address))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static boolean meet(InetSocketAddress one, InetSocketAddress other) {
        InetAddress a = one.getAddress();
        InetAddress b = other.getAddress();
        return one.getPort() == other.getPort() && (a.equals(b) || a.isAnyLocalAddress() || b.isAnyLocalAddress());
    }

    /** Takes no more connections there; those that are open stay. */
    synchronized void unbind(InetSocketAddress address) {
        acceptor.unbind(address);
        bound.remove(address);
    }

    /** New connections there see these settings. */
    void change(InetSocketAddress address, Port port) {
        bound.replace(address, port);
    }

    private Optional<Port> port(InetSocketAddress local) {
        Port exact = bound.get(local);
        if (exact != null) return Optional.of(exact);
        return bound.entrySet().stream()
                .filter(e -> e.getKey().getPort() == local.getPort())
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private Client admit(IoSession session) {
        if (!(session.getRemoteAddress() instanceof InetSocketAddress client)) return null;
        return port((InetSocketAddress) session.getLocalAddress())
                .map(port -> admit(session, port, client.getAddress()))
                .orElse(null);
    }

    private Client admit(IoSession session, Port port, InetAddress client) {
        Optional<String> full = port.crowd().enter(client);
        if (full.isEmpty()) {
            full = everybody.enter(client).map(limit -> limit + " for all listeners");
            if (full.isPresent()) port.crowd().leave(client);
        }
        if (full.isPresent()) {
            refusals.note(port.name(), Crowd.network(client), full.get());
            return turnAway(session, port);
        }
        Client connection = new Client(session, around, port, Optional.empty());
        connections.put(connection, port);
        connection.over().thenRun(() -> {
            connections.remove(connection);
            port.crowd().leave(client);
            everybody.leave(client);
        });
        return connection;
    }

    /** A handshake is more than a stranger too many is worth. */
    private Client turnAway(IoSession session, Port port) {
        if (port.tls() == Port.TlsMode.implicit) return null;
        if (turnedAway.incrementAndGet() > MOST_TURNED_AWAY) {
            turnedAway.decrementAndGet();
            return null;
        }
        Client connection = new Client(session, around, port, Optional.of(Farewell.CROWDED));
        connections.put(connection, port);
        connection.over().thenRun(() -> {
            connections.remove(connection);
            turnedAway.decrementAndGet();
        });
        return connection;
    }

    /** Those that were turned away. */
    Refusals refusals() {
        return refusals;
    }

    /** All connections that there are now. */
    void each(Consumer<Client> task) {
        connections.keySet().forEach(task);
    }

    /** Ends the connections that came through the listener of that name. */
    void end(String listener) {
        connections.forEach((connection, port) -> {
            if (port.name().equals(listener)) connection.end(Farewell.STOPPING);
        });
    }

    /** All look for their protocol. */
    private void wake() {
        moves.begin(connections.keySet());
    }

    /** He looks with his next command. */
    private static void movedLate(Throwable why) {
        LOG.warn("A conversation is moved late: {}", why.toString());
    }

    /**
     * Returns when no conversation is that protocol's any more: each moves, waits, or, when the time is up, is ended.
     *
     * @param why what those that are ended are told
     */
    void leave(Protocol protocol, Duration drain, Farewell why) {
        List<CompletableFuture<Void>> leaving = new ArrayList<>();
        each(connection -> leaving.add(connection.leave(protocol).toCompletableFuture()));
        wake();
        if (await(leaving, SOON)) return;
        // A few at a time are too few where threads are short: each goes with the first that is free.
        each(connection -> connection.wake(0));
        LOG.info(
                "{} connections still hold {}, which goes: each has {} s to move, or to end what it is in the middle of",
                of(protocol).size(),
                BundleName.of(protocol),
                drain.toSeconds());
        if (await(leaving, drain.minus(SOON))) return;
        List<Client> held = of(protocol);
        LOG.warn("{} connections that hold {} to the last are ended", held.size(), BundleName.of(protocol));
        held.forEach(connection -> connection.end(why));
        if (await(leaving, GOODBYE)) return;
        of(protocol).forEach(Client::abandon);
    }

    private List<Client> of(Protocol protocol) {
        return connections.keySet().stream().filter(c -> c.isOf(protocol)).toList();
    }

    private static boolean await(List<CompletableFuture<Void>> all, Duration most) {
        try {
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(most.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("leaving does not fail", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Says goodbye to everybody, waits a little for it to be heard, and leaves nothing running. */
    @Override
    public void close() {
        acceptor.unbind();
        each(connection -> connection.end(Farewell.STOPPING));
        List<CompletableFuture<Void>> ending = new ArrayList<>();
        each(connection -> ending.add(connection.over()));
        await(ending, GOODBYE);
        each(Client::abandon);
        acceptor.dispose(false);
        readers.dispose();
        threads.shutdown();
    }
}
