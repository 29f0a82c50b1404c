package org.posthorn.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

class ControlServerTest {

    @TempDir
    private Path folder;

    private String answer(String begin, boolean token) throws Exception {
        Path file = folder.resolve("control");
        ControlServer server = server("tcp:" + file, Duration.ofMillis(200));
        try {
            List<String> lines = Files.readAllLines(file);
            int port = Integer.parseInt(lines.get(0));
            String text = token ? "TOKEN " + lines.get(1) + "\n" + begin : begin;
            return answer(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), text);
        } finally {
            server.stop();
        }
    }

    private static String answer(SocketAddress where, String text) throws IOException {
        try (SocketChannel client = SocketChannel.open(where)) {
            client.write(StandardCharsets.US_ASCII.encode(text));
            return new String(Control.in(client).readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private ControlServer server(String where, Duration patience) throws IOException {
        return server(where, patience, Thread::new);
    }

    private ControlServer server(String where, Duration patience, ThreadFactory factory) throws IOException {
        return new ControlServer(
                new Exec(null, null), new Interactive(context(), null, null), Control.open(where), patience, factory);
    }

    /** That of a framework in which nothing is known but the folder. */
    private BundleContext context() {
        return fake(BundleContext.class, method -> switch (method) {
            case "getProperty" -> folder.toString();
            case "getBundle" -> fake(Bundle.class, of -> null);
            default -> fake(ServiceRegistration.class, of -> null);
        });
    }

    private static <T> T fake(Class<T> type, Function<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, args) -> answers.apply(method.getName())));
    }

    @Test
    @Timeout(20)
    void whoever_brings_no_token_in_time_is_cut() throws Exception {
        assertThat(answer("TOK", false)).isEmpty();
        assertThat(answer("", false)).isEmpty();
    }

    @Test
    @Timeout(20)
    void so_is_one_that_asks_for_nothing() throws Exception {
        assertThat(answer("EXEC 1\n", true)).isEmpty();
    }

    @Test
    @Timeout(20)
    void a_wrong_token_is_no_way_in() throws Exception {
        assertThat(answer("TOKEN x\nEXEC 1\n\n", false)).isEmpty();
        assertThat(answer("WHAT 1\n\n", true)).contains("not understood");
    }

    @Test
    @Timeout(20)
    void one_that_goes_again_leaves_the_place_as_it_was_and_the_next_takes_it() throws Exception {
        Path file = folder.resolve("c.sock");
        SocketAddress place = UnixDomainSocketAddress.of(file);
        ControlServer first = server("unix:" + file, Duration.ofSeconds(10));
        server("unix:" + file, Duration.ofSeconds(10)).stop();
        assertThat(answer(place, "WHAT 1\n\n")).contains("not understood");
        ControlServer third = server("unix:" + file, Duration.ofSeconds(10));
        assertThat(answer(place, "WHAT 1\n\n")).contains("not understood");
        first.stop();
        assertThat(answer(place, "WHAT 1\n\n")).contains("not understood");
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        third.stop();
        assertThat(folder).isDirectoryNotContaining("glob:**/c.*");
    }

    @Test
    @Timeout(60)
    void one_that_is_replaced_ends_what_it_was_asked_however_long_that_takes() throws Exception {
        Path file = folder.resolve("c.sock");
        SocketAddress place = UnixDomainSocketAddress.of(file);
        ControlServer first = server("unix:" + file, Duration.ofSeconds(60));
        try (SocketChannel client = SocketChannel.open(place)) {
            client.write(StandardCharsets.US_ASCII.encode("WHAT"));
            // Who comes later was let in later: the first has both.
            assertThat(answer(place, "WHAT 1\n\n")).contains("not understood");
            ControlServer second = server("unix:" + file, Duration.ofSeconds(60));
            FutureTask<Void> stop = new FutureTask<>(() -> {
                first.stop();
                return null;
            });
            new Thread(stop).start();
            assertThatThrownBy(() -> stop.get(3, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
            client.write(StandardCharsets.US_ASCII.encode(" 1\n\n"));
            client.shutdownOutput();
            assertThat(new String(Control.in(client).readAllBytes(), StandardCharsets.US_ASCII))
                    .contains("not understood");
            stop.get();
            second.stop();
        }
    }

    @Test
    @Timeout(20)
    void a_client_for_whom_there_is_no_thread_is_sent_away_and_not_the_last_to_be_let_in() throws Exception {
        Path file = folder.resolve("c.sock");
        SocketAddress place = UnixDomainSocketAddress.of(file);
        AtomicInteger made = new AtomicInteger();
        // The first lets clients in.
        ControlServer server = server("unix:" + file, Duration.ofSeconds(10), work -> {
            if (made.incrementAndGet() == 2) throw new OutOfMemoryError("unable to create a thread");
            return new Thread(work);
        });
        try (SocketChannel unlucky = SocketChannel.open(place)) {
            assertThat(Control.in(unlucky).readAllBytes()).isEmpty();
            assertThat(answer(place, "WHAT 1\n\n")).contains("not understood");
        } finally {
            server.stop();
        }
    }

    @Test
    @Timeout(20)
    void one_that_cannot_take_its_place_behind_the_version_before_says_so() throws Exception {
        Path file = folder.resolve("c.sock");
        ControlServer first = server("unix:" + file, Duration.ofSeconds(10));
        ControlServer second = server("unix:" + file, Duration.ofSeconds(10));
        assertThat(second.ready()).isFalse();
        assertThat(second.problems()).isEmpty();
        Files.delete(file);
        Files.createDirectories(file.resolve("in the way"));
        first.stop();
        while (!second.ready()) Thread.onSpinWait();
        assertThat(second.problems()).singleElement().satisfies(p -> assertThat(p.line())
                .contains("c.sock"));
        second.stop();
    }

    @Test
    @Timeout(20)
    void who_has_found_one_that_ends_is_let_in() throws Exception {
        Path file = folder.resolve("c.sock");
        try (Control ends = Control.open("unix:" + file)) {
            ends.takePlace();
            try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
                ends.giveWay();
                ends.end();
                try (SocketChannel in = ends.accept().orElseThrow()) {
                    in.write(StandardCharsets.US_ASCII.encode("welcome"));
                }
                assertThat(new String(Control.in(client).readAllBytes(), StandardCharsets.US_ASCII))
                        .isEqualTo("welcome");
            }
            assertThat(ends.accept()).isEmpty();
        }
    }
}
