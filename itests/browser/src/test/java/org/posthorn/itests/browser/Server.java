package org.posthorn.itests.browser;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The unpacked zip, started as an administrator does it, with data and ports of its own. */
final class Server {

    static final String DOMAIN = "one.test";
    static final String PASSWORD = "a good secret";

    /** The name of a user for whose mail there is no room. */
    static final String FULL = "full";

    /** A name of this machine that a browser does not take for its own: what it gives to pages with TLS alone it does not give there. */
    static final String PLAIN_HOST = "plain.test";

    /** A domain elsewhere, and where its server would be if a test begins one. */
    static final String FAR = "elsewhere.test";

    static final int FAR_PORT = 2526;

    private static final int[] PORTS = {2525, FAR_PORT, 2587, 2465, 2424, 2143, 2993, 2110, 2995, 8080, 8443};

    private final Path home;
    private final Path data;
    private final int offset;

    private Server(Path home, Path data, int offset) {
        this.home = home;
        this.data = data;
        this.offset = offset;
    }

    static Server start() throws IOException, InterruptedException {
        Path folder = Path.of(System.getProperty("posthorn.unpacked"));
        Path home = unpack(Path.of(System.getProperty("posthorn.zip")), folder);
        Server server = new Server(home, folder.resolve("data"), freeOffset());
        Files.writeString(
                server.config().resolve("org.posthorn.mailbox.cfg"), "quotas = " + FULL + "@" + DOMAIN + "=1\n");
        Files.writeString(
                server.config().resolve("org.posthorn.routing.cfg"),
                "relays = " + FAR + "=[127.0.0.1]:" + server.port(FAR_PORT) + ";tls=never\n");
        server.command("start");
        server.exec("domain:add " + DOMAIN);
        return server;
    }

    private Path config() {
        return home.resolve("examples/loopback-test");
    }

    /** Where the webmail is. */
    String webmail() {
        return "http://localhost:" + (8080 + offset) + "/mail/";
    }

    /** The same, as from another machine without TLS. */
    String plainWebmail() {
        return webmail().replace("localhost", PLAIN_HOST);
    }

    int port(int usual) {
        return usual + offset;
    }

    /** Makes a user with {@link #PASSWORD}. @return his address */
    String user(String name) throws IOException, InterruptedException {
        String address = name + "@" + DOMAIN;
        exec("user:add " + address + " '" + PASSWORD + "' --with-mail");
        return address;
    }

    /** Where the mail of a user lies who is to be made. */
    Path maildir(String name) {
        return data.resolve("mail").resolve(DOMAIN).resolve(name).resolve("Maildir");
    }

    /** Runs a command of the shell. @return what it printed */
    String exec(String line) throws IOException, InterruptedException {
        return command("exec", line);
    }

    private String command(String... words) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(home.resolve("bin/posthorn").toString()));
        line.addAll(Arrays.asList(words));
        Path out = Files.createTempFile(data.getParent(), "command", ".out");
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().put("POSTHORN_DATA", data.toString());
        builder.environment().put("POSTHORN_CONFIG", config().toString());
        builder.environment().put("POSTHORN_PORT_OFFSET", Integer.toString(offset));
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException("posthorn " + String.join(" ", words) + " does not end");
        }
        String said = Files.readString(out, StandardCharsets.UTF_8);
        if (process.exitValue() != 0)
            throw new IOException("posthorn " + String.join(" ", words) + ": " + process.exitValue() + "\n" + said);
        return said;
    }

    void stop() throws IOException, InterruptedException {
        command("stop");
    }

    private static Path unpack(Path zip, Path target) throws IOException {
        if (Files.exists(target))
            try (Stream<Path> all = Files.walk(target)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
            }
        try (ZipFile file = new ZipFile(zip.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = file.entries(); entries.hasMoreElements(); )
                unpack(file, entries.nextElement(), target);
        }
        Path home;
        try (Stream<Path> all = Files.list(target)) {
            home = all.findFirst().orElseThrow();
        }
        Files.setPosixFilePermissions(home.resolve("bin/posthorn"), PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }

    private static void unpack(ZipFile zip, ZipEntry entry, Path target) throws IOException {
        Path file = target.resolve(entry.getName()).normalize();
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(file.getParent());
        try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, file);
        }
    }

    /** One that leaves all our ports free on loopback. */
    private static int freeOffset() {
        for (int offset = 11_000 + (int) (ProcessHandle.current().pid() % 19_000); offset < 57_000; offset += 41) {
            int candidate = offset;
            if (Arrays.stream(PORTS).allMatch(port -> free(port + candidate))) return offset;
        }
        throw new IllegalStateException("no free ports");
    }

    private static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
