package org.posthorn.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** {@code posthorn run}: the server in this process, in the foreground. */
final class Server {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration QUIET = Duration.ofSeconds(5);

    /** Served by pax-logging once that runs, so the launcher writes into the server's log. */
    private static final Logger LOG = Logger.getLogger("org.posthorn.launcher");

    private final Site site;
    /** Where {@code posthorn start} waits for our answer. */
    private final Optional<Path> answer;

    private volatile ExitCode exit = ExitCode.OK;

    Server(Site site, Optional<Path> answer) {
        this.site = site;
        this.answer = answer;
    }

    ExitCode run(boolean shell) throws Failure, IOException, InterruptedException {
        try {
            serve(shell);
            return ExitCode.OK;
        } catch (Failure e) {
            exit = e.exit;
            tell(e.exit.number + "\n" + e.getMessage() + "\n");
            throw e;
        }
    }

    private void serve(boolean shell) throws Failure, IOException, InterruptedException {
        long begin = System.nanoTime();
        Folders.prepare(site);
        Instance instance = Instance.take(site);
        instance.writePid();
        System.out.println("Posthorn " + Site.version() + " starts on Java "
                + Runtime.version().feature() + ".");
        Memory.watch();
        Container container = comeUp(instance);
        announce(new Reports(container.context()), Duration.ofNanos(System.nanoTime() - begin));
        if (shell) {
            new Terminal(new Control(site.control())).attach();
        } else {
            container.waitForStop();
        }
    }

    private Container comeUp(Instance instance) throws Failure, IOException, InterruptedException {
        PrintStream terminal = Logging.divertErrors(site);
        try {
            // A server in the background prints into console.log, which nobody rotates; the log has it all.
            Container container = Container.open(site, "run", answer.isPresent() ? "OFF" : "WARN");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> shutDown(container, instance), "posthorn-stop"));
            try {
                comeUp(container);
                return container;
            } catch (Failure e) {
                LOG.severe("The server does not start: " + e.getMessage());
                container.stop();
                throw e;
            }
        } catch (Failure e) {
            instance.close();
            throw e;
        } finally {
            System.setErr(terminal);
        }
    }

    private void comeUp(Container container) throws Failure, InterruptedException {
        Reports reports = new Reports(container.context());
        container.startInside();
        refuse(container, reports.shippedProblems(), List.of());
        System.out.println(
                "  " + container.context().getBundles().length + " bundles are in place, opening the ports.");
        container.openDoor();
        List<String> missing = reports.await(PATIENCE, QUIET, Server::tellOfLate);
        refuse(container, reports.problems(), missing);
    }

    private static void tellOfLate(List<String> bundles) {
        String text = "waiting for " + String.join(", ", bundles) + " to come up, "
                + PATIENCE.minus(QUIET).toSeconds() + " s at most";
        System.out.println("  " + text);
        LOG.warning("The start is " + text);
    }

    private void refuse(Container container, List<Reports.Problem> reported, List<String> missing) throws Failure {
        List<Reports.Problem> problems = new ArrayList<>(reported);
        container.failures().forEach(line -> problems.add(new Reports.Problem(ExitCode.SOFTWARE, line)));
        missing.forEach(bundle -> problems.add(new Reports.Problem(
                ExitCode.SOFTWARE, bundle + " does not come up; " + site.data() + "/logs may say why")));
        if (!problems.isEmpty()) {
            throw new Failure(
                    problems.get(0).exit(),
                    String.join(
                            "\n",
                            problems.stream()
                                    .map(Reports.Problem::line)
                                    .distinct()
                                    .toList()));
        }
    }

    private void announce(Reports reports, Duration took) throws IOException {
        List<String> facts = Stream.concat(
                        Stream.of("data " + site.data(), "config " + site.config()), reports.lines().stream())
                .toList();
        Folders.writePrivately(site.up(), String.join("\n", facts) + "\n");
        String whole = text(Stream.concat(facts.stream(), reports.secrets().stream()), took);
        // What a server in the background prints is kept in a file; its starter alone is told secrets.
        System.out.print(answer.isPresent() ? text(facts.stream(), took) : whole);
        System.out.flush();
        LOG.info(() -> "Posthorn " + Site.version() + " is up");
        warn();
        tell("0\n" + whole);
    }

    private String text(Stream<String> lines, Duration took) {
        StringBuilder text = new StringBuilder();
        text.append(String.format("Posthorn %s is up after %.1f s.%n", Site.version(), took.toMillis() / 1000.0));
        lines.forEach(line -> text.append("  ").append(line).append('\n'));
        return text.append("Try next: ")
                .append(site.command("exec 'user:list'"))
                .append('\n')
                .toString();
    }

    /** A profile that is not meant for the open net says so here. */
    private void warn() throws IOException {
        Path warning = site.config().resolve("WARNING.txt");
        if (Files.exists(warning)) {
            Files.readString(warning).strip().lines().forEach(line -> LOG.warning(line));
        }
    }

    private void tell(String text) throws IOException {
        if (answer.isPresent()) {
            Folders.writePrivately(answer.get(), text);
        }
    }

    /** However the end came, by a signal, from the shell or after a failed start. */
    private void shutDown(Container container, Instance instance) {
        LOG.info("Posthorn stops");
        container.stop();
        try {
            instance.close();
        } catch (IOException e) {
            System.err.println("posthorn: " + e.getMessage());
        }
        ClassArchive.make();
        // A stop by a signal is a clean stop; left alone, the JVM would say 143.
        Runtime.getRuntime().halt(exit.number);
    }
}
