package org.posthorn.net;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.posthorn.api.net.Connection;
import org.posthorn.api.net.Conversation;
import org.posthorn.api.net.Farewell;
import org.posthorn.api.net.LineFault;
import org.posthorn.api.net.Protocol;
import org.posthorn.api.net.Received;
import org.posthorn.api.net.Suspended;
import org.posthorn.mime.Octets;
import org.posthorn.mime.StoredMessage;

/** A protocol that has a word for each thing a connection can do. */
final class Echo implements Protocol {

    final String version;
    final CompletableFuture<Void> gate = new CompletableFuture<>();
    final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
    volatile Connection last;
    /** What it throws instead of going on with a conversation; null when it goes on. */
    volatile Class<? extends Throwable> resumeFails;
    /** What it asks of the connection before. */
    volatile Consumer<Connection> resumeAsks = c -> {};

    Echo(String version) {
        this.version = version;
    }

    @Override
    public Conversation begin(Connection connection) {
        last = connection;
        return new Talk(connection, 0);
    }

    @Override
    public Conversation resume(Connection connection, Suspended state) {
        resumeAsks.accept(connection);
        if (resumeFails != null) Echo.<RuntimeException>fail(resumeFails);
        return new Talk(connection, Integer.parseInt(state.values().get("lines")));
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void fail(Class<? extends Throwable> why) throws T {
        try {
            throw (T) why.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    static StoredMessage big(int octets) {
        byte[] bytes = new byte[octets];
        for (int i = 0; i < octets; i++)
            bytes[i] = (byte) (i % 64 == 63 ? '\n' : i % 64 == 62 ? '\r' : 'a' + i / 64 % 26);
        return StoredMessage.of(Octets.of(bytes));
    }

    private final class Talk implements Conversation {
        private final Connection c;
        private final StringBuilder got = new StringBuilder();
        private int lines;
        private boolean busy;

        Talk(Connection c, int lines) {
            this.c = c;
            this.lines = lines;
        }

        @Override
        public void opened() {
            c.send("hello " + version + "\r\n");
        }

        @Override
        public void line(String line) {
            lines++;
            String[] words = line.split(" ");
            switch (words[0]) {
                case "tls" -> {
                    c.send("begin\r\n");
                    c.startTls();
                }
                case "compress" -> {
                    c.send("begin\r\n");
                    c.compress();
                }
                case "news" -> {
                    c.send("begin\r\n");
                    c.compress();
                    c.produce(() -> {
                        c.send("news\r\n");
                        return false;
                    });
                }
                case "uncompress" -> {
                    c.send("end\r\n");
                    c.uncompress();
                }
                case "data" -> {
                    busy = true;
                    c.receiveDotted(Long.parseLong(words[1]), this::take);
                }
                case "count" -> c.receive(Long.parseLong(words[1]), this::take);
                case "big" -> {
                    int size = Integer.parseInt(words[1]);
                    c.send("begin\r\n");
                    c.send(big(size), 0, size);
                    c.send("end\r\n");
                }
                case "produce" -> {
                    int[] left = {Integer.parseInt(words[1])};
                    c.produce(() -> {
                        c.send("piece " + left[0] + "\r\n");
                        return --left[0] > 0;
                    });
                }
                case "await" -> c.await(gate, () -> c.send("awaited\r\n"));
                case "timeout" -> c.timeout(Duration.ofMillis(Long.parseLong(words[1])));
                case "limit" -> c.lineLimit(Integer.parseInt(words[1]));
                case "lines" -> c.send(lines + "\r\n");
                case "fail" -> throw new IllegalStateException("asked for");
                case "lacks" -> throw new NoClassDefFoundError("Command");
                case "quit" -> {
                    c.send("bye\r\n");
                    c.close();
                }
                default -> c.send(version + ": " + line + "\r\n");
            }
        }

        private void take(ByteBuffer bytes) {
            got.append(StandardCharsets.ISO_8859_1.decode(bytes));
        }

        @Override
        public void received(Received what) {
            busy = false;
            String text = got.length() > 100
                    ? "much"
                    : got.toString().replace("\r", "\\r").replace("\n", "\\n");
            c.send("got " + what.octets() + " " + what.tooLarge() + " " + what.bareLineEnd() + " " + text + "\r\n");
            got.setLength(0);
        }

        @Override
        public void broken(LineFault fault) {
            c.send("broken " + fault + "\r\n");
        }

        @Override
        public void secured() {
            events.add("secured " + c.tls().orElseThrow().version());
        }

        @Override
        public void ending(Farewell why) {
            c.send("ending " + why + " " + version + "\r\n");
        }

        @Override
        public void closed() {
            events.add("closed " + version);
        }

        @Override
        public Optional<Suspended> suspend() {
            return busy ? Optional.empty() : Optional.of(new Suspended(1, Map.of("lines", String.valueOf(lines))));
        }
    }
}
