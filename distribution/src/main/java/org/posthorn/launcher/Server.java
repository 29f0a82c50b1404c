package org.posthorn.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code posthorn run}: the server in this process, in the foreground. */
final class Server {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Site site;
    /** Where {@code posthorn start} waits for our answer. */
    private final Optional<Path> answer;

    Server(Site site, Optional<Path> answer) {
        this.site = site;
        this.answer = answer;
    }

    ExitCode run(boolean shell) throws Failure, IOException, InterruptedException {
        try {
            return serve(shell);
        } catch (Failure e) {
            tell(e.exit.number + "\n" + e.getMessage() + "\n");
            throw e;
        }
    }

    private ExitCode serve(boolean shell) throws Failure, IOException, InterruptedException {
        long begin = System.nanoTime();
        Folders.prepare(site);
        Instance instance = Instance.take(site);
        instance.writePid();
        System.out.println("Posthorn " + Site.version() + " starts on Java "
                + Runtime.version().feature() + ".");
        Container container = Container.open(site, "run");
        Thread hook = new Thread(() -> shutDown(container, instance), "posthorn-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        Reports reports = new Reports(container.context());
        try {
            comeUp(container, reports);
        } catch (Failure e) {
            Runtime.getRuntime().removeShutdownHook(hook);
            container.stop();
            instance.close();
            throw e;
        }
        announce(reports, Duration.ofNanos(System.nanoTime() - begin));
        if (shell) {
            new Terminal(Control.of(site)).attach();
        } else {
            container.waitForStop();
        }
        Runtime.getRuntime().removeShutdownHook(hook);
        container.stop();
        instance.close();
        return ExitCode.OK;
    }

    private void comeUp(Container container, Reports reports) throws Failure, InterruptedException {
        container.startInside();
        refuse(container, reports, List.of());
        System.out.println("  " + container.bundles().length + " bundles are in place, opening the ports.");
        container.openDoor();
        refuse(container, reports, reports.await(PATIENCE));
    }

    private void refuse(Container container, Reports reports, List<String> missing) throws Failure {
        List<Reports.Problem> problems = new ArrayList<>(reports.problems());
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
        StringBuilder text = new StringBuilder();
        text.append(String.format("Posthorn %s is up after %.1f s.%n", Site.version(), took.toMillis() / 1000.0));
        Stream.concat(facts.stream(), reports.secrets().stream())
                .forEach(line -> text.append("  ").append(line).append('\n'));
        text.append("Try next: ").append(site.command("exec 'user:list'")).append('\n');
        System.out.print(text);
        System.out.flush();
        tell("0\n" + text);
    }

    private void tell(String text) throws IOException {
        if (answer.isPresent()) {
            Folders.writePrivately(answer.get(), text);
        }
    }

    private static void shutDown(Container container, Instance instance) {
        container.stop();
        try {
            instance.close();
        } catch (IOException e) {
            System.err.println("posthorn: " + e.getMessage());
        }
        // A stop by signal is a clean stop; the JVM would say 143.
        Runtime.getRuntime().halt(ExitCode.OK.number);
    }
}
