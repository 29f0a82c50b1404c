package org.posthorn.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The place where clients of the control channel come in: a Unix socket, or where its path would be too long a port of loopback with a token. Whoever may open
 * the file may do anything, so it is the owner's alone. It is made beside the file that clients open, and counts when it is in that one's place: so the one of a
 * version on trial takes nothing away, and there is no moment without any.
 */
final class Control implements AutoCloseable {

    private final Path file;
    private final ServerSocketChannel server;
    private final Selector clients = Selector.open();
    private final String token;
    /** Tells our file from that of another version. */
    private final Object key;

    private volatile boolean ending;

    private Control(Path file, ServerSocketChannel server, String token) throws IOException {
        this.file = file;
        this.server = server;
        this.token = token;
        this.key = key(next(file));
        server.configureBlocking(false).register(clients, SelectionKey.OP_ACCEPT);
    }

    /** With the time, because a file that is made when another goes is often given its inode. */
    private static Object key(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return List.of(attributes.fileKey(), attributes.lastModifiedTime());
    }

    /** Where one is before it counts; a path no longer than the other, since that of a socket may have so many octets and no more. */
    private static Path next(Path file) {
        return file.resolveSibling(file.getFileName().toString().replaceFirst("\\.[^.]*$", "") + ".next");
    }

    /** One that does not count yet. @param where {@code unix:PATH} or {@code tcp:PATH} */
    static Control open(String where) throws IOException {
        Path file = Path.of(where.substring(where.indexOf(':') + 1));
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(next(file));
        return where.startsWith("unix:") ? unix(file) : tcp(file);
    }

    private static Control unix(Path file) throws IOException {
        ServerSocketChannel server =
                bind(ServerSocketChannel.open(StandardProtocolFamily.UNIX), UnixDomainSocketAddress.of(next(file)));
        Files.setPosixFilePermissions(next(file), PosixFilePermissions.fromString("rw-------"));
        return new Control(file, server, "");
    }

    private static Control tcp(Path file) throws IOException {
        ServerSocketChannel server =
                bind(ServerSocketChannel.open(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        String token = HexFormat.of().formatHex(random);
        Path fresh = next(file);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, ((InetSocketAddress) server.getLocalAddress()).getPort() + "\n" + token + "\n");
        return new Control(file, server, token);
    }

    private static ServerSocketChannel bind(ServerSocketChannel server, SocketAddress address) throws IOException {
        try {
            return server.bind(address);
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    Path file() {
        return file;
    }

    /** Clients find it from now on. */
    void takePlace() throws IOException {
        if (isOurs(next(file))) Files.move(next(file), file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Clients find the one that waits, if any does. */
    void giveWay() throws IOException {
        if (Files.exists(next(file))) Files.move(next(file), file, StandardCopyOption.ATOMIC_MOVE);
        else deleteIfOurs(file);
    }

    private boolean isOurs(Path path) throws IOException {
        try {
            return key(path).equals(key);
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    private void deleteIfOurs(Path path) throws IOException {
        if (isOurs(path)) Files.delete(path);
    }

    /**
     * Waits for the next client. The caller closes it.
     *
     * @return none when this ends, and all who had found it by then were let in: what is closed on top of them they would take for a crash
     * @throws IOException when this client cannot come in
     */
    Optional<SocketChannel> accept() throws IOException {
        while (true) {
            boolean last = ending;
            SocketChannel client = server.accept();
            if (client != null || last) return Optional.ofNullable(client);
            clients.select();
            clients.selectedKeys().clear();
        }
    }

    /** Lets in who has found it, and nobody behind them. To be called when clients find another, or none. */
    void end() {
        ending = true;
        clients.wakeup();
    }

    /** Whether the client may go on: over TCP it begins with the token. */
    boolean admits(InputStream in) throws IOException {
        if (token.isEmpty()) return true;
        byte[] wanted = ("TOKEN " + token).getBytes(StandardCharsets.US_ASCII);
        return MessageDigest.isEqual(wanted, ControlRequest.line(in).getBytes(StandardCharsets.UTF_8));
    }

    // The streams of java.nio.channels.Channels share one lock on Java 17: a write would wait for the read that waits
    // for the client.

    static InputStream in(SocketChannel client) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int from, int count) throws IOException {
                return client.read(ByteBuffer.wrap(bytes, from, count));
            }
        };
    }

    static OutputStream out(SocketChannel client) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                ByteBuffer rest = ByteBuffer.wrap(bytes, from, count);
                while (rest.hasRemaining()) client.write(rest);
            }
        };
    }

    @Override
    public void close() throws IOException {
        clients.close();
        server.close();
        deleteIfOurs(next(file));
    }
}
