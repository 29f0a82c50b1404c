package org.posthorn.launcher;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The client's end of the control channel; README.md has its protocol. */
final class Control {
    /** The server sends far smaller frames; a larger one is not from our server. */
    private static final int LARGEST_FRAME = 1 << 24;

    /** A command's standard streams. */
    record Streams(InputStream in, PrintStream out, PrintStream err) {}

    private final String where;

    /** @param where as a {@link Site} says */
    Control(String where) {
        this.where = where;
    }

    /** Empty if no server listens there. */
    Optional<SocketChannel> connect() throws IOException {
        Path path = Path.of(where.substring(where.indexOf(':') + 1));
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    where.startsWith("unix:") ? SocketChannel.open(UnixDomainSocketAddress.of(path)) : tcp(path));
        } catch (java.net.ConnectException | NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static SocketChannel tcp(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        int port = Integer.parseInt(lines.get(0));
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.write(StandardCharsets.US_ASCII.encode("TOKEN " + lines.get(1) + "\n"));
        return channel;
    }

    static void request(SocketChannel channel, String verb, Map<String, String> headers) throws IOException {
        StringBuilder request = new StringBuilder(verb + " 1\n");
        headers.forEach((name, value) -> request.append(name)
                .append(": ")
                .append(value.replace('\n', ' '))
                .append('\n'));
        send(channel, StandardCharsets.UTF_8.encode(request.append('\n').toString()));
    }

    /** Runs one command and gives its exit code. */
    static int exec(SocketChannel channel, String command, Map<String, String> headers, Streams streams)
            throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(command);
        Map<String, String> all = new TreeMap<>(headers);
        all.put("length", Integer.toString(bytes.remaining()));
        request(channel, "EXEC", all);
        send(channel, bytes);
        // Beside the answers, as a command may write before it has read all.
        feed(streams.in(), channel);
        return frames(Channels.newInputStream(channel), streams);
    }

    /** Sends what the input gives, to its end, on a thread that keeps nothing alive. */
    static void feed(InputStream in, SocketChannel channel) {
        Thread feeder = new Thread(() -> copy(in, channel), "posthorn-input");
        feeder.setDaemon(true);
        feeder.start();
    }

    private static void copy(InputStream in, SocketChannel channel) {
        try {
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                send(channel, ByteBuffer.wrap(buffer, 0, n));
            }
            channel.shutdownOutput();
        } catch (IOException e) {
            // The other side has ended without reading to the end; its answer says how.
            System.getLogger("posthorn").log(System.Logger.Level.DEBUG, "input not taken", e);
        }
    }

    /** Not by Channels.newOutputStream: in Java 17 that waits for a read on the same channel to return. */
    private static void send(SocketChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static int frames(InputStream in, Streams streams) throws IOException {
        while (true) {
            String[] head = line(in).split(" ", 2);
            int number = head.length == 2 && head[1].matches("\\d{1,9}") ? Integer.parseInt(head[1]) : -1;
            if (number < 0 || number > LARGEST_FRAME) {
                throw new IOException("the server's answer is not understood");
            }
            switch (head[0]) {
                case "X":
                    return number;
                case "O", "E":
                    PrintStream output = head[0].equals("O") ? streams.out() : streams.err();
                    output.write(in.readNBytes(number));
                    output.flush();
                    break;
                default:
                    throw new IOException("the server's answer is not understood");
            }
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.length() > 20) {
                throw new EOFException("the server broke off its answer");
            }
            line.append((char) c);
        }
        return line.toString();
    }
}
