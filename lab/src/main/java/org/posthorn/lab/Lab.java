package org.posthorn.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The servers, wires and people of the lab: {@code one.test} with alice, {@code two.test} with bob, and the name server, which is a part of the first. */
final class Lab implements AutoCloseable {

    static final String ALICE = "alice@one.test";
    static final String BOB = "bob@two.test";
    static final int SMTP = 2525;
    static final int SUBMISSION = 2587;
    static final int IMAP = 2143;
    static final int HTTP = 8080;
    private static final int ZONES = 2553;
    /** All that a server opens with the shipped settings. */
    private static final int[] PORTS = {2110, IMAP, 2424, 2465, SMTP, ZONES, SUBMISSION, 2993, 2995, HTTP, 8443};

    private static final int FIRST_OFFSET = 20_000;
    private static final int APART = 1_000;
    /** The last one leads no port beyond 65535. */
    private static final int OFFSETS = 17;

    private static final String MARK = "posthorn lab 1\n";
    private static final String ZONE = """
            $ORIGIN DOMAIN.
            $TTL 60
            @     IN SOA  mail hostmaster 1 3600 600 86400 60
            @     IN NS   mail
            @     IN MX   10 mail
            mail  IN A    127.0.0.1
            """;

    final LabServer one;
    final LabServer two;
    final SmtpWire smtp;
    final DnsWire dns;
    final String password;
    private final Path folder;
    private final FileChannel mark;

    /**
     * Makes the folder anew, and the wires.
     *
     * @throws IOException when the folder is somebody else's, another lab runs in it, or it cannot be written
     */
    Lab(Path home, Path folder, Journey journey, Pace pace) throws IOException, InterruptedException {
        this.folder = folder;
        if (folder.toString().contains(","))
            throw new IOException("a lab's folder has no comma in its path: " + folder);
        mark = take();
        empty(home);
        int offset = freeOffset();
        one = new LabServer(home, Files.createDirectory(folder.resolve("one")), "one.test", offset);
        two = new LabServer(home, Files.createDirectory(folder.resolve("two")), "two.test", offset + APART);
        byte[] secret = new byte[6];
        new SecureRandom().nextBytes(secret);
        password = HexFormat.of().formatHex(secret);
        dns = new DnsWire(local(ZONES + offset), journey, pace);
        smtp = new SmtpWire(local(two.port(SMTP)), journey, pace);
        configure(ZONES + offset);
    }

    private static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Any that is free: a lab that begins at the same moment takes another one, most likely. */
    private static int freeOffset() throws IOException {
        return new SecureRandom()
                .ints(4L * OFFSETS, 0, OFFSETS)
                .map(i -> FIRST_OFFSET + 2 * APART * i)
                .filter(o -> IntStream.of(PORTS).allMatch(port -> free(o + port) && free(o + APART + port)))
                .findFirst()
                .orElseThrow(() -> new IOException("no ports are free for the two servers"));
    }

    private static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** The mark is locked as long as the lab runs. */
    private FileChannel take() throws IOException {
        Path file = folder.resolve("lab");
        boolean ours =
                !Files.exists(folder) || isEmpty() || Files.exists(file) && MARK.startsWith(Files.readString(file));
        if (!ours) throw new IOException(folder + " is there and was not made by a lab: name another one (--data DIR)");
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.tryLock() == null)
            throw new IOException("a lab is running in " + folder + ": name another folder (--data DIR)");
        channel.write(StandardCharsets.US_ASCII.encode(MARK), 0);
        return channel;
    }

    private boolean isEmpty() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.findAny().isEmpty();
        }
    }

    /** What an earlier lab left, its servers too, goes. */
    private void empty(Path home) throws IOException, InterruptedException {
        for (String name : List.of("one", "two")) new LabServer(home, folder.resolve(name), name + ".test", 0).stop();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList())
                if (!each.equals(folder) && !each.equals(folder.resolve("lab"))) Files.delete(each);
        }
    }

    private void configure(int zonesPort) throws IOException {
        // A person may look at a question for a while before it goes on.
        List<String> asks = List.of("servers = 127.0.0.1:" + dns.port(), "timeout = 60");
        one.configure(Map.of(
                "smtp", List.of("hostname = mail.one.test"),
                "delivery.smtp", List.of("port = " + smtp.port(), "tls = never"),
                "dns",
                        List.of(
                                asks.get(0),
                                asks.get(1),
                                "zones = " + zone("one.test") + ", " + zone("two.test"),
                                "zonesAt = 127.0.0.1:" + zonesPort)));
        two.configure(Map.of(
                "smtp", List.of("hostname = mail.two.test"),
                "delivery.smtp", List.of("port = " + one.port(SMTP), "tls = never"),
                "dns", asks));
    }

    private Path zone(String domain) throws IOException {
        return Files.writeString(folder.resolve(domain + ".zone"), ZONE.replace("DOMAIN", domain));
    }

    /** Both servers, their domains and users. */
    void start() throws IOException, InterruptedException {
        Path secret = Files.writeString(folder.resolve("password"), password + "\n");
        both(LabServer::start);
        one.shell("domain:add one.test", "user:add " + ALICE + " --password-file \"" + secret + "\"");
        two.shell("domain:add two.test", "user:add " + BOB + " --password-file \"" + secret + "\"");
    }

    /** Where a browser shows the mail of bob with that UID, once he has logged in. */
    String webmail(long uid) {
        return "http://127.0.0.1:" + two.port(HTTP) + "/mail/#/INBOX/uid/" + uid;
    }

    private interface Work {
        void on(LabServer server) throws IOException, InterruptedException;
    }

    private void both(Work work) throws IOException, InterruptedException {
        AtomicReference<Exception> failed = new AtomicReference<>();
        Thread beside = Background.run("lab-two", () -> {
            try {
                work.on(two);
            } catch (IOException | RuntimeException e) {
                failed.set(e);
            }
        });
        try {
            work.on(one);
        } finally {
            beside.join();
        }
        if (failed.get() != null) throw new IOException(failed.get().getMessage(), failed.get());
    }

    /** Stops the servers, once or again; the folder stays, to be looked at. */
    @Override
    public void close() throws IOException {
        try (mark;
                smtp;
                dns) {
            both(LabServer::stop);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
