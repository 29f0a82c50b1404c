package org.posthorn.deploy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.posthorn.api.mail.Message;
import org.posthorn.api.net.Connection;
import org.posthorn.api.net.Listener;
import org.posthorn.api.net.Producer;
import org.posthorn.api.net.Sink;
import org.posthorn.api.net.Tls;

/** A connection with nobody, which keeps what is said to it. */
final class Rehearsal implements Connection {

    private final Listener listener;
    private final StringBuffer said = new StringBuffer();

    Rehearsal(String protocol) {
        listener = new Listener("trial", protocol, false, false);
    }

    String said() {
        return said.toString();
    }

    @Override
    public InetSocketAddress client() {
        return local();
    }

    @Override
    public InetSocketAddress local() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @Override
    public Listener listener() {
        return listener;
    }

    @Override
    public Optional<Tls> tls() {
        return Optional.empty();
    }

    @Override
    public void run(Runnable task) {
        task.run();
    }

    @Override
    public void send(String octets) {
        said.append(octets);
    }

    @Override
    public void send(Message message, long position, long count) {
        said.append(message);
    }

    @Override
    public void produce(Producer producer) {
        for (boolean more = true; more; ) more = producer.more();
    }

    @Override
    public boolean compressed() {
        return false;
    }

    // Nobody is there who would say a line, take up TLS or compression, be late or be hung up on.

    @Override
    public void startTls() {}

    @Override
    public void compress() {}

    @Override
    public void uncompress() {}

    @Override
    public void timeout(Duration quiet) {}

    @Override
    public void await(CompletionStage<?> stage, Runnable then) {}

    @Override
    public void lineLimit(int octets) {}

    @Override
    public void receive(long octets, Sink sink) {}

    @Override
    public void receiveDotted(long limit, Sink sink) {}

    @Override
    public void close() {}
}
