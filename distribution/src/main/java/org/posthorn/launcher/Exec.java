package org.posthorn.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code posthorn exec}: one command, on the running server, or else in a container that opens no port and delivers nothing. */
final class Exec {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_EVERY_MILLIS = 20;

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

    private int offline() throws Failure, IOException, InterruptedException {
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
        Map<String, String> headers = new TreeMap<>();
        headers.put("json", Boolean.toString(options.has("--json")));
        headers.put("color", Boolean.toString(Boolean.getBoolean("posthorn.terminal")));
        headers.put("cwd", Path.of("").toAbsolutePath().toString());
        InputStream in = options.has("--stdin") ? System.in : InputStream.nullInputStream();
        try (channel) {
            return Control.exec(channel, options.command(), headers, new Control.Streams(in, System.out, terminal));
        }
    }
}
