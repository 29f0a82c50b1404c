package org.posthorn.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.posthorn.lab.Tour;

/** The program behind {@code bin/posthorn}. */
public final class Main {
    private Main() {}

    /** Leaves with an {@link ExitCode}, or the exit code of the command that {@code exec} ran. */
    public static void main(String[] args) {
        System.exit(run(List.of(args)));
    }

    private static int run(List<String> args) {
        try {
            return run(Options.parse(args, System.getenv()));
        } catch (Failure e) {
            e.getMessage().lines().forEach(line -> System.err.println("posthorn: " + line));
            return e.exit.number;
        } catch (IOException | UncheckedIOException e) {
            System.err.println("posthorn: " + e.getMessage());
            return ExitCode.FAILED.number;
        } catch (InterruptedException e) {
            return ExitCode.FAILED.number;
        } catch (RuntimeException e) {
            // Left alone, the threads of the container would keep a process without a server.
            System.getLogger("posthorn").log(System.Logger.Level.ERROR, "The launcher failed", e);
            return ExitCode.SOFTWARE.number;
        }
    }

    private static int run(Options options) throws Failure, IOException, InterruptedException {
        if (options.verb() == Options.Verb.HELP) {
            return help();
        }
        Site site = Site.of(Path.of(System.getProperty("posthorn.home", "")).toAbsolutePath(), options);
        return switch (options.verb()) {
            case RUN -> new Server(site, options.value("--answer").map(Path::of)).run(options.has("--shell")).number;
            case START -> new Daemon(site).start().number;
            case STOP -> new Daemon(site).stop().number;
            case STATUS -> new Daemon(site).status(options.has("--json")).number;
            case SHELL -> shell(site, options);
            case EXEC -> new Exec(site, options).run();
            case LAB -> lab(site, options);
            case HELP -> help();
        };
    }

    private static int shell(Site site, Options options) throws Failure, IOException {
        if (!Terminal.present()) {
            return new Exec(site, options).script();
        }
        new Terminal(new Control(site.control())).attach();
        return ExitCode.OK.number;
    }

    private static int lab(Site site, Options options) throws IOException, InterruptedException {
        Path folder = options.has("--data") ? site.data() : site.home().resolve("lab");
        Tour.run(site.home(), folder, options.has("--plain"), options.has("--step"));
        return ExitCode.OK.number;
    }

    private static int help() throws IOException {
        try (InputStream text = Main.class.getResourceAsStream("help.txt")) {
            System.out.print(new String(text.readAllBytes(), StandardCharsets.UTF_8));
            return ExitCode.OK.number;
        }
    }
}
