package org.posthorn.net;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.mina.core.session.IoSession;
import org.posthorn.api.mail.Message;
import org.posthorn.api.net.Connection;
import org.posthorn.api.net.Listener;
import org.posthorn.api.net.Producer;
import org.posthorn.api.net.Sink;
import org.posthorn.api.net.Tls;

/** A client as its conversation has it. */
record ClientConnection(Client to, IoSession session, Listener listener) implements Connection {

    @Override
    public InetSocketAddress client() {
        return (InetSocketAddress) session.getRemoteAddress();
    }

    @Override
    public InetSocketAddress local() {
        return (InetSocketAddress) session.getLocalAddress();
    }

    @Override
    public Optional<Tls> tls() {
        return to.layering.tls();
    }

    @Override
    public void startTls() {
        to.startTls();
    }

    @Override
    public boolean compressed() {
        return to.outbox.compressed();
    }

    @Override
    public void compress() {
        to.compress();
    }

    @Override
    public void uncompress() {
        to.uncompress();
    }

    @Override
    public void timeout(Duration quiet) {
        to.patience = quiet.toNanos();
    }

    @Override
    public void run(Runnable task) {
        to.run(task);
    }

    @Override
    public void await(CompletionStage<?> stage, Runnable then) {
        to.await(stage, then);
    }

    @Override
    public void lineLimit(int octets) {
        to.decoder.lineLimit(octets);
    }

    @Override
    public void receive(long octets, Sink sink) {
        to.decoder.receive(octets, sink);
    }

    @Override
    public void receiveDotted(long limit, Sink sink) {
        to.decoder.receiveDotted(limit, sink);
    }

    @Override
    public void send(String octets) {
        to.send(octets);
    }

    @Override
    public void send(Message message, long position, long count) {
        to.send(message, position, count);
    }

    @Override
    public void produce(Producer producer) {
        to.produce(producer);
    }

    @Override
    public void close() {
        to.close();
    }

    /** Between two commands: what is asked for from now on is void when the result is run. */
    Runnable between() {
        Runnable input = to.decoder.between();
        long patience = to.patience;
        return () -> {
            input.run();
            to.patience = patience;
            to.producer = null;
            to.waiting = false;
            to.securing = false;
            to.recompressing = false;
            to.closing = false;
        };
    }
}
