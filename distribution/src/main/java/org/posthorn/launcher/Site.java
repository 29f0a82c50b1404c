package org.posthorn.launcher;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where one instance lives: the unpacked zip, its data and its configuration. All paths are absolute. */
record Site(Path home, Path data, Path config, int portOffset) {
    /** A Unix domain socket's path has 108 bytes in Linux and fewer elsewhere. */
    private static final int SOCKET_PATH = 100;

    static Site of(Path home, Options options) throws Failure {
        Path data = options.value("--data").map(Path::of).orElse(home.resolve("data"));
        Path config = options.value("--config").map(c -> config(home, c)).orElse(home.resolve("config"));
        return new Site(home, absolute(data), absolute(config), options.portOffset());
    }

    /** A shipped profile, such as {@code examples/loopback-test}, is found from any working directory. */
    private static Path config(Path home, String name) {
        Path shipped = home.resolve(name);
        return !Files.exists(Path.of(name)) && name.startsWith("examples/") && Files.exists(shipped)
                ? shipped
                : Path.of(name);
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    Path run() {
        return data.resolve("run");
    }

    Path lock() {
        return run().resolve("posthorn.lock");
    }

    Path pid() {
        return run().resolve("posthorn.pid");
    }

    /** What {@code status} shows of a server that is up. */
    Path up() {
        return run().resolve("posthorn.up");
    }

    Path console() {
        return data.resolve("logs/console.log");
    }

    Path cache() {
        return data.resolve("cache");
    }

    /** Where a server listens for commands. */
    String control() {
        return control("control");
    }

    /** Where a container that was started for one command listens; nobody else shall ask it, since it ends with that command. */
    String ownControl() {
        return control("offline");
    }

    private String control(String name) {
        Path socket = run().resolve(name + ".sock");
        return socket.toString().getBytes(StandardCharsets.UTF_8).length <= SOCKET_PATH
                ? "unix:" + socket
                : "tcp:" + run().resolve(name + ".port");
    }

    static String version() {
        return Optional.ofNullable(Site.class.getPackage().getImplementationVersion())
                .orElse("(not packaged)");
    }

    /** The shell line that runs a command on this very instance. */
    String command(String command) {
        StringBuilder line = new StringBuilder(home.resolve("bin/posthorn") + " " + command);
        if (!data.equals(home.resolve("data"))) {
            line.append(" --data ").append(data);
        }
        if (!config.equals(home.resolve("config"))) {
            line.append(" --config ").append(config);
        }
        return line.toString();
    }
}
