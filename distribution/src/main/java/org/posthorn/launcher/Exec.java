package org.posthorn.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code posthorn exec}: one command, on the running server, or else in a container that opens no port and delivers nothing. */
final class Exec {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_EVERY_MILLIS = 20;
    /** In octets; what the server takes is 1 MiB. */
    private static final int LONGEST_SCRIPT = 1 << 18;

    private final Site site;
    private final Options options;
    private final PrintStream terminal = System.err;

    Exec(Site site, Options options) {
        this.site = site;
        this.options = options;
    }

    int run() throws Failure, IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<SocketChannel> server = new Control(site.control()).connect();
            if (server.isPresent()) {
                return send(server.get());
            }
            try {
                return offline();
            } catch (Failure e) {
                // A server that is coming up listens soon; another command ends soon.
                if (e.exit != ExitCode.ALREADY_RUNNING || System.nanoTime() > end) {
                    throw e;
                }
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
    }

    /** Several lines of the running server's shell, up to the first that fails. */
    int script() throws Failure, IOException {
        // Before the lines are waited for, which may take a while.
        if (Instance.running(site).isEmpty()) {
            throw Terminal.nobody();
        }
        String lines = script(System.in);
        SocketChannel server = new Control(site.control()).connect().orElseThrow(Terminal::nobody);
        return lines.isBlank() ? ExitCode.OK.number : send(server, lines, Map.of(), InputStream.nullInputStream());
    }

    static String script(InputStream in) throws Failure, IOException {
        byte[] octets = in.readNBytes(LONGEST_SCRIPT + 1);
        if (octets.length > LONGEST_SCRIPT) {
            throw new Failure(ExitCode.USAGE, "what comes in is longer than " + LONGEST_SCRIPT + " octets");
        }
        return new String(octets, StandardCharsets.UTF_8);
    }

    /** A server makes its data directory; a command that finds none at the place that was typed was meant for another. */
    private void refuseNewPlace() throws Failure {
        if (options.has("--data") && !Files.exists(site.data())) {
            throw new Failure(
                    ExitCode.CANNOT_CREATE,
                    "there is no data directory " + site.data() + "; " + site.command("start") + " makes one");
        }
    }

    private int offline() throws Failure, IOException, InterruptedException {
        refuseNewPlace();
        Folders.prepare(site);
        Instance instance = Instance.take(site);
        try {
            Logging.divertErrors(site);
            Container container = Container.open(site, "offline", "OFF");
            Runtime.getRuntime().addShutdownHook(new Thread(container::stop, "posthorn-stop"));
            try {
                return ask(container);
            } finally {
                container.stop();
            }
        } finally {
            System.setErr(terminal);
            instance.close();
        }
    }

    private int ask(Container container) throws Failure, IOException, InterruptedException {
        container.startInside();
        container.openDoor();
        // Also wakes the components that report, the control channel among them. Problems hinder no command, but the
        // database, which comes up beside them, is to be there.
        new Reports(container.context()).settle(PATIENCE);
        container.failures().forEach(line -> terminal.println("posthorn: " + line));
        return send(new Control(site.ownControl())
                .connect()
                .orElseThrow(() -> new Failure(
                        ExitCode.SOFTWARE, "no shell answers; " + site.data().resolve("logs") + " may say why")));
    }

    private int send(SocketChannel channel) throws IOException {
        boolean input = options.has("--stdin");
        return send(
                channel,
                options.command(),
                input ? Map.of("stdin", "true") : Map.of(),
                input || options.command().matches(".*\\s--stdin\\b.*") ? System.in : InputStream.nullInputStream());
    }

    private int send(SocketChannel channel, String command, Map<String, String> more, InputStream in)
            throws IOException {
        Map<String, String> headers = new TreeMap<>(more);
        headers.put("json", Boolean.toString(options.has("--json")));
        headers.put("color", Boolean.toString(Boolean.getBoolean("posthorn.terminal")));
        headers.put("cwd", Path.of("").toAbsolutePath().toString());
        try (channel) {
            return Control.exec(channel, command, headers, new Control.Streams(in, System.out, terminal));
        }
    }
}
