package org.posthorn.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.posthorn.api.net.Farewell;
import org.posthorn.api.net.Protocol;

/** The door without a container around it. */
final class House implements AutoCloseable {

    final Workers workers = new Workers(50);
    final Protocols protocols = new Protocols();
    final TlsKeys keys = new TlsKeys();
    final Crowd everybody = new Crowd(0, () -> 0);
    final Network network;
    final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private volatile long later;
    private int ids;

    House(Path folder) {
        this(folder, Duration.ofSeconds(10));
    }

    House(Path folder, Duration grace) {
        keys.use(SelfSigned.in(folder, "mail.example.test"));
        network = new Network(
                new Surroundings(workers, protocols, keys, () -> System.nanoTime() + later, () -> grace), everybody);
        clock.scheduleWithFixedDelay(() -> network.each(Client::tick), 20, 20, TimeUnit.MILLISECONDS);
    }

    /** So much time goes by at once. */
    void later(Duration time) {
        later += time.toNanos();
    }

    Echo speaks(String version) {
        Echo echo = new Echo(version);
        add(echo, 0);
        return echo;
    }

    void add(Protocol protocol, int ranking) {
        add(protocol, ranking, 1);
    }

    void add(Protocol protocol, int ranking, long bundle) {
        long id = ++ids;
        protocols.add(
                protocol,
                Map.of("name", "echo", "service.ranking", ranking, "service.id", id, "service.bundleid", bundle));
    }

    void remove(Protocol protocol) {
        remove(protocol, Farewell.STOPPING);
    }

    void remove(Protocol protocol, Farewell why) {
        protocols.remove(protocol);
        network.leave(protocol, Duration.ofSeconds(5), why);
    }

    int listen(Port.TlsMode tls) throws IOException {
        return listen(tls, new Crowd(0, () -> 0));
    }

    int listen(Port.TlsMode tls, Crowd crowd) throws IOException {
        Port port = new Port("test", "echo", tls, () -> false, Duration.ofSeconds(30), crowd);
        return network.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), port)
                .getPort();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        network.close();
        workers.close();
    }
}
