package org.posthorn.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code posthorn start|stop|status}: the server in a process of its own. */
final class Daemon {
    private static final Duration START_PATIENCE = Duration.ofSeconds(180);
    private static final Duration QUIET = Duration.ofSeconds(10);
    private static final Duration TELL_EVERY = Duration.ofSeconds(1);

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(90);
    private static final long LOOK_EVERY_MILLIS = 20;

    private final Site site;

    Daemon(Site site) {
        this.site = site;
    }

    ExitCode start() throws Failure, IOException, InterruptedException {
        Folders.prepare(site);
        Instance.refuseSecond(site);
        Path answer = site.run().resolve("answer-" + ProcessHandle.current().pid());
        Process server = launch(answer);
        try {
            return report(server, answer);
        } finally {
            Files.deleteIfExists(answer);
        }
    }

    private Process launch(Path answer) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("sh", site.home().resolve("bin/posthorn").toString(), "run"));
        command.addAll(List.of(
                "--data", site.data().toString(), "--config", site.config().toString()));
        command.addAll(List.of("--port-offset", Integer.toString(site.portOffset()), "--answer", answer.toString()));
        // In a session of its own the server survives the terminal it was started from.
        onPath("setsid").ifPresent(setsid -> command.add(0, setsid.toString()));
        return new ProcessBuilder(command)
                .directory(site.data().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(site.console().toFile())
                .start();
    }

    private static Optional<Path> onPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private ExitCode report(Process server, Path answer) throws Failure, IOException, InterruptedException {
        long begin = System.nanoTime();
        long look = QUIET.toNanos();
        String told = "";
        while (!Files.exists(answer)
                && System.nanoTime() - begin < START_PATIENCE.toNanos()
                && !server.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
            if (System.nanoTime() - begin > look) {
                told = tellLastWord(told);
                look += TELL_EVERY.toNanos();
            }
        }
        if (!Files.exists(answer)) {
            server.destroy();
            throw new Failure(ExitCode.SOFTWARE, "the server did not come up; " + site.console() + " may say why");
        }
        String[] said = Files.readString(answer).split("\n", 2);
        if (said[0].equals("0")) {
            System.out.print(said[1]);
            return ExitCode.OK;
        }
        int code = Integer.parseInt(said[0]);
        throw new Failure(
                Stream.of(ExitCode.values())
                        .filter(e -> e.number == code)
                        .findFirst()
                        .orElse(ExitCode.SOFTWARE),
                said[1].strip());
    }

    /** What a start that takes long is at, unless that was told before. @return it */
    private String tellLastWord(String before) throws IOException {
        List<String> said = Files.readAllLines(site.console(), StandardCharsets.ISO_8859_1);
        String last = said.isEmpty()
                ? "it has said nothing"
                : said.get(said.size() - 1).strip();
        if (!last.equals(before)) {
            System.err.println("The server is not up yet: " + last);
        }
        return last;
    }

    ExitCode stop() throws Failure, InterruptedException {
        Optional<ProcessHandle> server = Instance.running(site);
        if (server.isEmpty()) {
            System.out.println("Posthorn is not running on " + site.data() + ".");
            return ExitCode.OK;
        }
        ProcessHandle process = server.get();
        if (!process.destroy()) {
            throw new Failure(ExitCode.FAILED, "pid " + process.pid() + " cannot be told to stop: is it yours?");
        }
        // ProcessHandle.onExit() looks at other people's children only once a second.
        long end = System.nanoTime() + STOP_PATIENCE.toNanos();
        while (process.isAlive()) {
            if (System.nanoTime() > end) {
                throw new Failure(ExitCode.FAILED, "pid " + process.pid() + " was told to stop and still runs");
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        System.out.println("Posthorn has stopped.");
        return ExitCode.OK;
    }

    ExitCode status(boolean json) throws IOException {
        Optional<ProcessHandle> server = Instance.running(site);
        if (server.isEmpty()) {
            System.out.println(json ? "{\"running\":false}" : "Posthorn is not running on " + site.data() + ".");
            return Files.exists(site.pid()) ? ExitCode.FAILED : ExitCode.NOT_RUNNING;
        }
        long pid = server.get().pid();
        Duration up = Duration.between(Files.getLastModifiedTime(site.pid()).toInstant(), java.time.Instant.now());
        List<String> facts = Files.exists(site.up()) ? Files.readAllLines(site.up()) : List.of("still starting");
        System.out.print(json ? Status.json(pid, up, facts) : Status.text(pid, up, facts));
        return ExitCode.OK;
    }
}
