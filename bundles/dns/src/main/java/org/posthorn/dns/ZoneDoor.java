package org.posthorn.dns;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Message;

/** Where zones are asked, by UDP and TCP (RFC 1035 4.2). Who sends no query is not answered. */
final class ZoneDoor implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(ZoneDoor.class);
    private static final int LONGEST_QUERY = 4096;
    private static final int HEADER = 12;
    /** The bit QR, RFC 1035 4.1.1. */
    private static final int ANSWER = 0x80;

    private static final int MOST_CLIENTS = 16;
    /** RFC 7766 6.2.3: a few seconds are enough for who asks, however slowly he does. */
    private static final int PATIENCE_MILLIS = 5000;

    private static final int PAUSE_MILLIS = 100;
    private static final long TELL_EVERY_NANOS = 60_000_000_000L;

    private final Zones zones;
    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor workers = new ThreadPoolExecutor(
            0, MOST_CLIENTS, PATIENCE_MILLIS, TimeUnit.MILLISECONDS, new SynchronousQueue<>(), thread("client"));
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(thread("clock"));
    private final List<Thread> doors = new ArrayList<>();

    /** Opens it. @throws IOException when one of its ports is taken: then none is open */
    ZoneDoor(Zones zones, InetSocketAddress at) throws IOException {
        this.zones = zones;
        this.tcp = new ServerSocket();
        try {
            tcp.bind(at);
            udp = new DatagramSocket(new InetSocketAddress(at.getAddress(), tcp.getLocalPort()));
        } catch (IOException e) {
            tcp.close();
            throw e;
        }
        start("udp", this::packets);
        start("tcp", this::connections);
    }

    int port() {
        return tcp.getLocalPort();
    }

    private static ThreadFactory thread(String name) {
        return work -> {
            Thread thread = new Thread(work, "dns-zones-" + name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Returns when nothing of it is left, or its thread is interrupted. */
    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
        workers.shutdown();
        clock.shutdownNow();
        for (Socket client : clients) client.close();
        try {
            for (Thread door : doors) door.join();
            workers.awaitTermination(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Serves until its socket is closed. */
    private interface Service {
        void run() throws IOException;
    }

    private void start(String name, Service service) {
        Thread thread = thread(name).newThread(() -> keepOn(service));
        doors.add(thread);
        thread.start();
    }

    private void keepOn(Service service) {
        for (long told = System.nanoTime() - TELL_EVERY_NANOS; !tcp.isClosed(); ) {
            try {
                service.run();
            } catch (IOException | RuntimeException e) {
                if (tcp.isClosed()) return;
                boolean tell = System.nanoTime() - told >= TELL_EVERY_NANOS;
                if (tell) {
                    LOG.warn(
                            "A client of the zones was not answered; the next ones are, as far as can be: {}",
                            e.toString());
                    told = System.nanoTime();
                }
                // What lacks (handles, memory) may be there again then.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
            }
        }
    }

    private void packets() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[LONGEST_QUERY], LONGEST_QUERY);
        while (true) {
            packet.setLength(LONGEST_QUERY);
            udp.receive(packet);
            Optional<Message> query = query(Arrays.copyOf(packet.getData(), packet.getLength()));
            if (query.isEmpty()) continue;
            byte[] wire = zones.answer(query.get()).toWire(Zones.room(query.get()));
            udp.send(new DatagramPacket(wire, wire.length, packet.getSocketAddress()));
        }
    }

    private void connections() throws IOException {
        while (true) {
            Socket client = tcp.accept();
            try {
                clients.add(client);
                workers.execute(() -> serve(client));
            } catch (RejectedExecutionException crowded) {
                drop(client);
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            clock.schedule(() -> drop(client), PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(client.getOutputStream());
            for (int length = in.readUnsignedShort(); length <= LONGEST_QUERY; length = in.readUnsignedShort()) {
                Optional<Message> query = query(in.readNBytes(length));
                if (query.isEmpty()) return;
                byte[] wire = zones.answer(query.get()).toWire();
                byte[] framed = new byte[wire.length + 2];
                framed[0] = (byte) (wire.length >> 8);
                framed[1] = (byte) wire.length;
                System.arraycopy(wire, 0, framed, 2, wire.length);
                out.write(framed);
            }
        } catch (IOException e) {
            LOG.debug("A client of the zones has gone", e);
        } finally {
            clients.remove(client);
        }
    }

    private void drop(Socket client) {
        clients.remove(client);
        try {
            client.close();
        } catch (IOException e) {
            LOG.debug("A client of the zones has gone", e);
        }
    }

    /** Empty for what is none: an answer to it could go round in circles. What is one and cannot be read is one without a question. */
    private static Optional<Message> query(byte[] wire) {
        if (wire.length < HEADER || (wire[2] & ANSWER) != 0) return Optional.empty();
        try {
            return Optional.of(new Message(wire));
        } catch (IOException e) {
            LOG.debug("What came to the zones cannot be read", e);
            return Optional.of(new Message((wire[0] & 0xff) << 8 | wire[1] & 0xff));
        }
    }
}
