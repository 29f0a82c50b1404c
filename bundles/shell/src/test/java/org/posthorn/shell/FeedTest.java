package org.posthorn.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.api.shell.Feed;
import org.posthorn.api.shell.Page;
import org.posthorn.api.shell.ShellCommand;

/** Commands that have no end. */
@Timeout(30)
class FeedTest {

    private final BlockingQueue<Object> values = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<String> out = new ArrayList<>();

    private final class Values implements Feed {
        @Override
        public Optional<?> next(Duration most) throws InterruptedException {
            return Optional.ofNullable(values.poll(10, TimeUnit.MILLISECONDS));
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    private final ShellCommand command = new ShellCommand("trace", "", "Shows.", line -> new Values());

    private void run(Run run, String... words) throws Exception {
        run.command("mail:trace", command, List.of(words));
    }

    @Test
    void each_value_is_shown_as_it_comes_until_nobody_is_there() throws Exception {
        values.add(new Page("one for\u0007 people", Map.of("n", 1)));
        values.add("two");
        int[] looks = {0};
        run(new Run(
                false, false, Path.of("/"), InputStream.nullInputStream(), out::add, out::add, () -> looks[0]++ < 3));
        assertThat(out).containsExactly("one for? people", "two");
        assertThat(closed.getCount()).isZero();
    }

    @Test
    void programs_get_one_value_a_line() throws Exception {
        values.add(new Page("one", Map.of("n", 1)));
        values.add(new Page("two", Map.of("n", 2)));
        int[] looks = {0};
        run(new Run(
                true, false, Path.of("/"), InputStream.nullInputStream(), out::add, out::add, () -> looks[0]++ < 2));
        assertThat(out).containsExactly("{\"n\":1}", "{\"n\":2}");
    }

    /** A client whose end is closed takes nothing more. */
    private static final class Client extends OutputStream {
        private final ByteArrayOutputStream got = new ByteArrayOutputStream();
        private boolean gone;

        @Override
        public synchronized void write(int b) throws IOException {
            if (gone) throw new IOException("Broken pipe");
            got.write(b);
        }

        synchronized void leave() {
            gone = true;
        }

        synchronized String got() {
            return got.toString(StandardCharsets.UTF_8);
        }
    }

    @Test
    void a_client_that_goes_away_is_noticed_though_nothing_comes() throws Exception {
        Client client = new Client();
        Frames frames = new Frames(client);
        Thread thread = thread(new Run(
                false, false, Path.of("/"), InputStream.nullInputStream(), frames::out, frames::err, frames::watched));
        values.add("hello");
        while (!client.got().contains("O 6\nhello\n")) Thread.onSpinWait();
        client.leave();
        thread.join();
        assertThat(closed.getCount()).isZero();
    }

    @Test
    void an_interrupt_ends_it_and_leaves_the_thread_fit_for_use() throws Exception {
        boolean[] interrupted = {true};
        Thread thread = new Thread(() -> {
            try {
                run(new Run(false, false, Path.of("/"), InputStream.nullInputStream(), out::add, out::add, () -> true));
                interrupted[0] = Thread.currentThread().isInterrupted();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        thread.start();
        thread.interrupt();
        thread.join();
        assertThat(interrupted[0]).isFalse();
        assertThat(closed.getCount()).isZero();
    }

    @Test
    void a_feed_that_ends_by_itself_is_closed_and_says_why() {
        ShellCommand ending = new ShellCommand("trace", "", "Shows.", line -> new Feed() {
            @Override
            public Optional<?> next(Duration most) {
                throw new IllegalArgumentException("the record of mails has ended");
            }

            @Override
            public void close() {
                closed.countDown();
            }
        });
        Run run = new Run(false, false, Path.of("/"), InputStream.nullInputStream(), out::add, out::add, () -> true);
        assertThatThrownBy(() -> run.command("mail:trace", ending, List.of())).hasMessageContaining("has ended");
        assertThat(closed.getCount()).isZero();
    }

    @Test
    void ctrl_c_is_seen_while_it_passes_and_so_is_the_end() throws IOException {
        ClientInput typed = new ClientInput(new java.io.ByteArrayInputStream(new byte[] {'a', 3, 'b', 3}));
        assertThat(typed.read()).isEqualTo('a');
        assertThat(typed.interrupts()).isZero();
        assertThat(typed.read(new byte[2], 0, 2)).isEqualTo(2);
        assertThat(typed.interrupts()).isEqualTo(1);
        assertThat(typed.read()).isEqualTo(3);
        assertThat(typed.interrupts()).isEqualTo(2);
        assertThat(typed.gone()).isFalse();
        assertThat(typed.read()).isNegative();
        assertThat(typed.gone()).isTrue();
    }

    private Thread thread(Run run) {
        Thread thread = new Thread(() -> {
            try {
                run(run);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        thread.start();
        return thread;
    }
}
