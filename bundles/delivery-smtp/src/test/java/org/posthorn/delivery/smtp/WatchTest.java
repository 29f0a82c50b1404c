package org.posthorn.delivery.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WatchTest {

    private static final Duration BRIEF = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofMinutes(10);

    private final List<Socket> accepted = new ArrayList<>();

    /** Says hello and never reads. */
    private RemoteSession session(ServerSocket deaf, Watch watch) throws IOException {
        InetSocketAddress address = new InetSocketAddress(deaf.getInetAddress(), deaf.getLocalPort());
        Timeouts timeouts = new Timeouts(LONG, BRIEF, BRIEF, BRIEF, BRIEF, BRIEF, BRIEF, BRIEF);
        CompletableFuture<Void> hello = CompletableFuture.runAsync(() -> hello(deaf));
        RemoteSession.Manner manner = new RemoteSession.Manner(
                "us.test",
                timeouts,
                new TlsClient(Optional.empty()),
                false,
                System::nanoTime,
                System.nanoTime() + LONG.toNanos(),
                watch);
        RemoteSession.Opening opening =
                RemoteSession.open(new Exchangers.Server("deaf.test", address), NextHop.TlsPolicy.NEVER, manner);
        hello.join();
        return ((RemoteSession.Opening.Open) opening).session();
    }

    private void hello(ServerSocket deaf) {
        try {
            Socket client = deaf.accept();
            accepted.add(client);
            client.getOutputStream().write("220 x\r\n250 x\r\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void fill(RemoteSession session) throws IOException {
        while (true) session.wire().write("x".repeat(8000));
    }

    @Test
    @Timeout(30)
    void a_goodbye_that_is_stuck_holds_up_nobody_and_is_cut() throws Exception {
        Watch watch = new Watch(Duration.ofMillis(1), System::nanoTime);
        try (ServerSocket deaf = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            RemoteSession stuck = session(deaf, watch);
            RemoteSession late = session(deaf, watch);
            CompletableFuture<Void> filling = CompletableFuture.runAsync(
                    () -> assertThatThrownBy(() -> fill(stuck)).isInstanceOf(IOException.class));
            // What is written to it stays where it is, and so will the goodbye.
            watch.giveBack(stuck, NextHop.TlsPolicy.NEVER);
            late.wire().within(BRIEF);
            assertThatThrownBy(() -> fill(late)).isInstanceOf(IOException.class);
            filling.get(10, TimeUnit.SECONDS);
            assertThat(watch.take(stuck.server(), NextHop.TlsPolicy.NEVER)).isEmpty();
        } finally {
            watch.close();
            for (Socket socket : accepted) socket.close();
        }
    }
}
