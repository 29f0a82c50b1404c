package org.posthorn.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** One of the two servers: a Posthorn of its own, with its data, settings and ports, in a process that ends with the lab. */
final class LabServer {

    private static final int PATIENCE_SECONDS = 240;
    private static final int STOP_SECONDS = 90;
    private static final int LOOK_EVERY_MILLIS = 50;

    private final Path home;
    private final Path folder;
    private final String domain;
    private final int portOffset;
    private Optional<Process> process = Optional.empty();

    /**
     * @param home the unpacked zip
     * @param folder of this server alone
     */
    LabServer(Path home, Path folder, String domain, int portOffset) {
        this.home = home;
        this.folder = folder;
        this.domain = domain;
        this.portOffset = portOffset;
    }

    int port(int usual) {
        return usual + portOffset;
    }

    Path maildir(String user) {
        return folder.resolve("data/mail").resolve(domain).resolve(user).resolve("Maildir");
    }

    /** Settings of a server on loopback, with these put behind those of each file. */
    void configure(Map<String, List<String>> settings) throws IOException {
        Path config = Files.createDirectories(folder.resolve("config"));
        try (Stream<Path> shipped = Files.list(home.resolve("examples/loopback-test"))) {
            for (Path file : shipped.toList())
                Files.copy(file, config.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
        for (Map.Entry<String, List<String>> each : settings.entrySet()) {
            Path file = config.resolve("org.posthorn." + each.getKey() + ".cfg");
            List<String> lines = new ArrayList<>(Files.readAllLines(file));
            lines.addAll(each.getValue());
            Files.write(file, lines);
        }
    }

    /** Returns when its ports are open. @throws IOException with what it said, when it does not come up */
    void start() throws IOException, InterruptedException {
        Path said = folder.resolve("console.log");
        Process running = begin(said);
        running.getOutputStream().close();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.exists(folder.resolve("data/run/posthorn.up"))) {
            boolean ended = running.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
            if (ended || System.nanoTime() > end)
                throw new IOException(
                        domain + " does not come up: " + Files.readString(said).strip());
        }
    }

    private Process launch(String word, Path said) throws IOException {
        return new ProcessBuilder(words(word))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
    }

    /** Whoever stops it knows of it from its first moment. */
    private synchronized Process begin(Path said) throws IOException {
        Process begun = launch("run", said);
        process = Optional.of(begun);
        return begun;
    }

    private List<String> words(String word) {
        List<String> words =
                new ArrayList<>(List.of("sh", home.resolve("bin/posthorn").toString(), word));
        words.addAll(List.of("--data", folder.resolve("data").toString()));
        words.addAll(List.of("--config", folder.resolve("config").toString()));
        words.addAll(List.of("--port-offset", Integer.toString(portOffset)));
        return words;
    }

    /** Returns when it has ended, and one that was started on its data by hand. */
    synchronized void stop() throws InterruptedException {
        Optional<ProcessHandle> running = process.map(Process::toHandle).filter(ProcessHandle::isAlive);
        running.or(this::noted).ifPresent(ProcessHandle::destroy);
        for (ProcessHandle one : running.or(this::noted).stream().toList()) {
            try {
                one.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                one.destroyForcibly();
            }
        }
    }

    /** Whom its PID file names, if that is a server on its data. */
    private Optional<ProcessHandle> noted() {
        try {
            String pid =
                    Files.readString(folder.resolve("data/run/posthorn.pid")).strip();
            return ProcessHandle.of(Long.parseLong(pid))
                    .filter(p -> p.info().commandLine().orElse("").contains(folder.toString()));
        } catch (IOException | NumberFormatException none) {
            return Optional.empty();
        }
    }

    /** Runs lines of its shell. @throws IOException with what it said, when one fails */
    void shell(String... lines) throws IOException, InterruptedException {
        Path said = Files.createTempFile(folder, "said", ".txt");
        try {
            Process shell = launch("shell", said);
            shell.getOutputStream().write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
            shell.getOutputStream().close();
            if (!shell.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                shell.destroyForcibly().waitFor();
            if (shell.exitValue() != 0)
                throw new IOException(domain + ": " + Files.readString(said).strip());
        } finally {
            Files.deleteIfExists(said);
        }
    }

    /** What somebody types in the folder of the zip to ask this server. */
    String command(String command) {
        return "bin/posthorn exec '" + command + "' --data " + shown(folder.resolve("data"));
    }

    /** What begins it again, when somebody has stopped it. */
    String startCommand() {
        return "bin/posthorn start --data " + shown(folder.resolve("data")) + " --config "
                + shown(folder.resolve("config")) + " --port-offset " + portOffset;
    }

    /** As a shell in the folder of the zip is to be told. */
    String shown(Path path) {
        String text = (path.startsWith(home) ? home.relativize(path) : path).toString();
        return text.matches("[\\w/.@+=:-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
